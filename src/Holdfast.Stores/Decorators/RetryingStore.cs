using System.Runtime.CompilerServices;
using Holdfast.Stores.Retrying;

namespace Holdfast.Stores.Decorators;

/// <summary>
/// Tries again what may succeed a little later. A read that breaks off goes on where it stopped, if the object is still the same.
/// A put whose body can be read only once is not tried again, and neither is a flush: a barrier that failed may have lost
/// what it was to keep, and a second one would not know.
/// </summary>
/// <param name="inner">Does the work.</param>
/// <param name="backoff">How often and after which waits.</param>
public sealed class RetryingStore(IStore inner, Backoff backoff) : StoreDecorator(inner)
{
    /// <inheritdoc/>
    public override async Task<ObjectContent> OpenAsync(ObjectName name, ByteRange range, CancellationToken cancellationToken)
    {
        var content = await backoff.RunAsync(_ => Inner.OpenAsync(name, range, cancellationToken), cancellationToken);
        return new ObjectContent(new ResumingStream(Inner, name, range.Offset, content, backoff), content.Length, content.Version);
    }

    /// <inheritdoc/>
    public override Task<ObjectStat?> TryStatAsync(ObjectName name, CancellationToken cancellationToken) =>
        backoff.RunAsync(_ => Inner.TryStatAsync(name, cancellationToken), cancellationToken);

    /// <summary>Taken into memory before the first is handed on: a list that broke off begins anew, and nothing may be in it twice.</summary>
    public override async IAsyncEnumerable<ObjectStat> ListAsync(ObjectName? folder, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var stat in await backoff.RunAsync(_ => Inner.ListAsync(folder, cancellationToken).ToListAsync(cancellationToken).AsTask(), cancellationToken))
            yield return stat;
    }

    /// <inheritdoc/>
    public override Task PutAsync(ObjectName name, ObjectBody body, PutCondition condition, CancellationToken cancellationToken) => !body.CanReplay
        ? Inner.PutAsync(name, body, condition, cancellationToken)
        : backoff.RunAsync(
            async tried =>
            {
                try
                {
                    await Inner.PutAsync(name, body, condition, cancellationToken);
                }
                catch (StoreException e) when (e.Reason == StoreErrorKind.Exists && tried > 0)
                {
                    // It may be what an earlier try put before its answer was lost.
                    if (!await IsAsync(name, body, cancellationToken))
                        throw;
                }
                return true;
            },
            cancellationToken);

    /// <inheritdoc/>
    public override Task RemoveAsync(ObjectName name, CancellationToken cancellationToken) => backoff.RunAsync(
        async _ =>
        {
            await Inner.RemoveAsync(name, cancellationToken);
            return true;
        },
        cancellationToken);

    private async Task<bool> IsAsync(ObjectName name, ObjectBody body, CancellationToken cancellationToken)
    {
        await using var there = await OpenAsync(name, ByteRange.All, cancellationToken);
        await using var meant = body.Open();
        return await SameBytes.AreAsync(there.Bytes, meant, cancellationToken);
    }
}
