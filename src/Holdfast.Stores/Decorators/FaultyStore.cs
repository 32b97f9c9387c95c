using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Holdfast.Stores.Decorators;

/// <summary>Does what stores do on bad days, to see whether what stands above survives it.</summary>
/// <param name="inner">Does the work.</param>
/// <param name="plan">Is asked for each call what goes wrong; called by many threads.</param>
/// <param name="time">Whose time slow calls take.</param>
public sealed class FaultyStore(IStore inner, Func<StoreCall, StoreFault> plan, TimeProvider time) : StoreDecorator(inner)
{
    private static readonly TimeSpan SlowBy = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, List<ObjectStat>> _lists = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public override async Task<ObjectContent> OpenAsync(ObjectName name, ByteRange range, CancellationToken cancellationToken)
    {
        var fault = await BeginAsync(new StoreCall(StoreVerb.Open, name) { Range = range }, cancellationToken);
        var content = await Inner.OpenAsync(name, range, cancellationToken);
        switch (fault)
        {
            case StoreFault.After:
                await content.DisposeAsync();
                throw Failure();
            case StoreFault.BreaksOff:
                long left = content.Length / 2;
                return Through(content, (bytes, _) => (left -= bytes.Length) < 0 ? throw Failure() : ValueTask.CompletedTask);
            case StoreFault.Stalls:
                long moving = content.Length / 2;
                return Through(content, async (bytes, caller) =>
                {
                    if ((moving -= bytes.Length) < 0)
                        await Task.Delay(Timeout.InfiniteTimeSpan, time, caller);
                });
            case StoreFault.WrongBytes:
                return Through(content, (bytes, _) =>
                {
                    bytes.Span[0] ^= 1;
                    return ValueTask.CompletedTask;
                });
            default:
                return content;
        }
    }

    /// <inheritdoc/>
    public override async Task<ObjectStat?> TryStatAsync(ObjectName name, CancellationToken cancellationToken)
    {
        var fault = await BeginAsync(new StoreCall(StoreVerb.Stat, name), cancellationToken);
        var stat = await Inner.TryStatAsync(name, cancellationToken);
        return fault == StoreFault.After ? throw Failure() : stat;
    }

    /// <inheritdoc/>
    public override async IAsyncEnumerable<ObjectStat> ListAsync(ObjectName? folder, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var fault = await BeginAsync(new StoreCall(StoreVerb.List, folder), cancellationToken);
        var key = folder?.Text ?? "";
        var list = fault == StoreFault.StaleList ? _lists.GetValueOrDefault(key, []) : await Inner.ListAsync(folder, cancellationToken).ToListAsync(cancellationToken);
        _lists[key] = list;
        foreach (var stat in fault is StoreFault.CutList or StoreFault.BreaksOff ? list.Take(list.Count / 2) : list)
            yield return stat;
        if (fault is StoreFault.BreaksOff or StoreFault.After)
            throw Failure();
    }

    /// <inheritdoc/>
    public override async Task PutAsync(ObjectName name, ObjectBody body, PutCondition condition, CancellationToken cancellationToken)
    {
        var fault = await BeginAsync(new StoreCall(StoreVerb.Put, name) { Condition = condition, CanReplay = body.CanReplay }, cancellationToken);
        await Inner.PutAsync(name, fault == StoreFault.Torn ? await HalfAsync(body, cancellationToken) : body, condition, cancellationToken);
        if (fault is StoreFault.After or StoreFault.Torn)
            throw Failure();
    }

    /// <inheritdoc/>
    public override async Task RemoveAsync(ObjectName name, CancellationToken cancellationToken)
    {
        var fault = await BeginAsync(new StoreCall(StoreVerb.Remove, name), cancellationToken);
        await Inner.RemoveAsync(name, cancellationToken);
        if (fault == StoreFault.After)
            throw Failure();
    }

    /// <inheritdoc/>
    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        var fault = await BeginAsync(new StoreCall(StoreVerb.Flush, null), cancellationToken);
        await Inner.FlushAsync(cancellationToken);
        if (fault == StoreFault.After)
            throw Failure();
    }

    private async Task<StoreFault> BeginAsync(StoreCall call, CancellationToken cancellationToken)
    {
        var fault = plan(call);
        if (fault == StoreFault.Before)
            throw Failure();
        if (fault == StoreFault.Slow)
            await Task.Delay(SlowBy, time, cancellationToken);
        if (fault == StoreFault.Hangs)
            await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken);
        return fault;
    }

    private static async Task<ObjectBody> HalfAsync(ObjectBody body, CancellationToken cancellationToken)
    {
        using var all = new MemoryStream();
        await using (var bytes = body.Open())
            await bytes.CopyToAsync(all, cancellationToken);
        return ObjectBody.Of(all.ToArray().AsMemory(0, (int)all.Length / 2));
    }

    private StoreException Failure() => new(StoreErrorKind.Unavailable, $"{Display} has a fault that was asked for.");
}
