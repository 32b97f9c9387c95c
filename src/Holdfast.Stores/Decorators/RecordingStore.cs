using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Holdfast.Stores.Decorators;

/// <summary>Writes down what was asked of a store and how it ended: for tests of what is read and written in which order.</summary>
/// <param name="inner">Does the work.</param>
public sealed class RecordingStore(IStore inner) : StoreDecorator(inner)
{
    private readonly ConcurrentQueue<RecordedCall> _calls = [];

    /// <summary>All calls so far, in the order in which they ended. An open object counts when it was opened, a list when it ended.</summary>
    public IReadOnlyList<RecordedCall> Calls => [.. _calls];

    /// <inheritdoc/>
    public override Task<ObjectContent> OpenAsync(ObjectName name, ByteRange range, CancellationToken cancellationToken) =>
        RecordAsync(new StoreCall(StoreVerb.Open, name) { Range = range }, Inner.OpenAsync(name, range, cancellationToken));

    /// <inheritdoc/>
    public override Task<ObjectStat?> TryStatAsync(ObjectName name, CancellationToken cancellationToken) =>
        RecordAsync(new StoreCall(StoreVerb.Stat, name), Inner.TryStatAsync(name, cancellationToken));

    /// <inheritdoc/>
    public override async IAsyncEnumerable<ObjectStat> ListAsync(ObjectName? folder, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var call = new StoreCall(StoreVerb.List, folder);
        await using var list = Inner.ListAsync(folder, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await NextAsync(list, call))
            yield return list.Current;
        _calls.Enqueue(new RecordedCall(call, null));
    }

    /// <inheritdoc/>
    public override Task PutAsync(ObjectName name, ObjectBody body, PutCondition condition, CancellationToken cancellationToken) => RecordAsync(
        new StoreCall(StoreVerb.Put, name) { Condition = condition, CanReplay = body.CanReplay }, DoneAsync(Inner.PutAsync(name, body, condition, cancellationToken)));

    /// <inheritdoc/>
    public override Task RemoveAsync(ObjectName name, CancellationToken cancellationToken) =>
        RecordAsync(new StoreCall(StoreVerb.Remove, name), DoneAsync(Inner.RemoveAsync(name, cancellationToken)));

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) =>
        RecordAsync(new StoreCall(StoreVerb.Flush, null), DoneAsync(Inner.FlushAsync(cancellationToken)));

    private async Task<T> RecordAsync<T>(StoreCall call, Task<T> work)
    {
        try
        {
            var result = await work;
            _calls.Enqueue(new RecordedCall(call, null));
            return result;
        }
        catch (Exception e)
        {
            _calls.Enqueue(new RecordedCall(call, e));
            throw;
        }
    }

    private async Task<bool> NextAsync(IAsyncEnumerator<ObjectStat> list, StoreCall call)
    {
        try
        {
            return await list.MoveNextAsync();
        }
        catch (Exception e)
        {
            _calls.Enqueue(new RecordedCall(call, e));
            throw;
        }
    }

    private static async Task<bool> DoneAsync(Task task)
    {
        await task;
        return true;
    }
}

/// <summary>A call and how it ended.</summary>
/// <param name="Call">What was asked.</param>
/// <param name="Failure">Null when it succeeded.</param>
public sealed record RecordedCall(StoreCall Call, Exception? Failure);
