namespace Holdfast.Mtproto.Sessions;

/// <summary>Where a client keeps its session between runs. The bytes are a secret: whoever has them is logged in.</summary>
public interface ISessionStore : IAsyncDisposable
{
    /// <summary>What was saved last, or null on the first run.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    Task<byte[]?> LoadAsync(CancellationToken cancellationToken);

    /// <summary>Replaces what was saved; a crash leaves the old or the new, never a mixture.</summary>
    /// <param name="session">The bytes.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task SaveAsync(ReadOnlyMemory<byte> session, CancellationToken cancellationToken);
}

/// <summary>Keeps a session for as long as the process runs.</summary>
public sealed class MemorySessionStore : ISessionStore
{
    private byte[]? _session;

    /// <inheritdoc/>
    public Task<byte[]?> LoadAsync(CancellationToken cancellationToken) => Task.FromResult(_session);

    /// <inheritdoc/>
    public Task SaveAsync(ReadOnlyMemory<byte> session, CancellationToken cancellationToken)
    {
        _session = session.ToArray();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
