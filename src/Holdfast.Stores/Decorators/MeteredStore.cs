using System.Runtime.CompilerServices;

namespace Holdfast.Stores.Decorators;

/// <summary>Counts calls and bytes, for reports and bills.</summary>
/// <param name="inner">Does the work.</param>
public sealed class MeteredStore(IStore inner) : StoreDecorator(inner)
{
    private readonly long[] _calls = new long[Enum.GetValues<StoreVerb>().Length];
    private long _read, _written;

    /// <summary>Bytes of objects that were read so far.</summary>
    public long BytesRead => Interlocked.Read(ref _read);

    /// <summary>Bytes of bodies that were given to the store so far, also those of puts that failed.</summary>
    public long BytesWritten => Interlocked.Read(ref _written);

    /// <summary>How many calls of a kind were begun.</summary>
    public long Calls(StoreVerb verb) => Interlocked.Read(ref _calls[(int)verb]);

    /// <inheritdoc/>
    public override async Task<ObjectContent> OpenAsync(ObjectName name, ByteRange range, CancellationToken cancellationToken)
    {
        Count(StoreVerb.Open);
        return Through(await Inner.OpenAsync(name, range, cancellationToken), (bytes, _) => Add(ref _read, bytes.Length));
    }

    /// <inheritdoc/>
    public override Task<ObjectStat?> TryStatAsync(ObjectName name, CancellationToken cancellationToken)
    {
        Count(StoreVerb.Stat);
        return Inner.TryStatAsync(name, cancellationToken);
    }

    /// <inheritdoc/>
    public override async IAsyncEnumerable<ObjectStat> ListAsync(ObjectName? folder, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Count(StoreVerb.List);
        await foreach (var stat in Inner.ListAsync(folder, cancellationToken))
            yield return stat;
    }

    /// <inheritdoc/>
    public override Task PutAsync(ObjectName name, ObjectBody body, PutCondition condition, CancellationToken cancellationToken)
    {
        Count(StoreVerb.Put);
        return Inner.PutAsync(name, body.Through(s => new Streams.ReadThroughStream(s, (bytes, _) => Add(ref _written, bytes.Length))), condition, cancellationToken);
    }

    /// <inheritdoc/>
    public override Task RemoveAsync(ObjectName name, CancellationToken cancellationToken)
    {
        Count(StoreVerb.Remove);
        return Inner.RemoveAsync(name, cancellationToken);
    }

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken)
    {
        Count(StoreVerb.Flush);
        return Inner.FlushAsync(cancellationToken);
    }

    private void Count(StoreVerb verb) => Interlocked.Increment(ref _calls[(int)verb]);

    private static ValueTask Add(ref long sum, int bytes)
    {
        Interlocked.Add(ref sum, bytes);
        return ValueTask.CompletedTask;
    }
}
