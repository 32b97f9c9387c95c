using System.Runtime.CompilerServices;

namespace Holdfast.Stores.Decorators;

/// <summary>
/// No more calls at once than allowed; the others wait. An open object takes a turn for each read, not for as long as it is open,
/// so that whoever reads several side by side does not wait for himself. A body put here must not be read from here.
/// </summary>
/// <param name="inner">Does the work.</param>
/// <param name="calls">At least 1.</param>
public sealed class LimitedStore(IStore inner, int calls) : StoreDecorator(inner)
{
    private readonly SemaphoreSlim _turns = new(calls);

    /// <inheritdoc/>
    public override StoreTraits Traits => base.Traits with { Parallelism = calls };

    /// <inheritdoc/>
    public override async Task<ObjectContent> OpenAsync(ObjectName name, ByteRange range, CancellationToken cancellationToken)
    {
        var content = await InTurnAsync(() => Inner.OpenAsync(name, range, cancellationToken), cancellationToken);
        return new ObjectContent(new TurnStream(content.Bytes, _turns), content.Length, content.Version);
    }

    /// <inheritdoc/>
    public override Task<ObjectStat?> TryStatAsync(ObjectName name, CancellationToken cancellationToken) =>
        InTurnAsync(() => Inner.TryStatAsync(name, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public override async IAsyncEnumerable<ObjectStat> ListAsync(ObjectName? folder, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var list = Inner.ListAsync(folder, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await InTurnAsync(() => list.MoveNextAsync().AsTask(), cancellationToken))
            yield return list.Current;
    }

    /// <inheritdoc/>
    public override Task PutAsync(ObjectName name, ObjectBody body, PutCondition condition, CancellationToken cancellationToken) =>
        InTurnAsync(() => DoneAsync(Inner.PutAsync(name, body, condition, cancellationToken)), cancellationToken);

    /// <inheritdoc/>
    public override Task RemoveAsync(ObjectName name, CancellationToken cancellationToken) =>
        InTurnAsync(() => DoneAsync(Inner.RemoveAsync(name, cancellationToken)), cancellationToken);

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) => InTurnAsync(() => DoneAsync(Inner.FlushAsync(cancellationToken)), cancellationToken);

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _turns.Dispose();
    }

    private async Task<T> InTurnAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        await _turns.WaitAsync(cancellationToken);
        try
        {
            return await call();
        }
        finally
        {
            _turns.Release();
        }
    }

    private static async Task<bool> DoneAsync(Task task)
    {
        await task;
        return true;
    }

    private sealed class TurnStream(Stream inner, SemaphoreSlim turns) : Streams.ForwardStream
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await turns.WaitAsync(cancellationToken);
            try
            {
                return await inner.ReadAsync(buffer, cancellationToken);
            }
            finally
            {
                turns.Release();
            }
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
