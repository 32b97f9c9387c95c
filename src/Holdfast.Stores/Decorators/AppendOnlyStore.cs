namespace Holdfast.Stores.Decorators;

/// <summary>Takes new objects and neither replaces nor removes any, so that whoever holds this machine cannot harm what it saved before.</summary>
/// <param name="inner">Does the work.</param>
/// <param name="except">Names that may be replaced and removed all the same, such as locks.</param>
public sealed class AppendOnlyStore(IStore inner, Func<ObjectName, bool> except) : StoreDecorator(inner)
{
    /// <inheritdoc/>
    public override async Task PutAsync(ObjectName name, ObjectBody body, PutCondition condition, CancellationToken cancellationToken)
    {
        if (condition == PutCondition.IfAbsent || except(name))
        {
            await Inner.PutAsync(name, body, condition, cancellationToken);
            return;
        }
        try
        {
            await Inner.PutAsync(name, body, PutCondition.IfAbsent, cancellationToken);
        }
        catch (StoreException e) when (e.Reason == StoreErrorKind.Exists)
        {
            throw Denied("replaced", name, e);
        }
    }

    /// <inheritdoc/>
    public override Task RemoveAsync(ObjectName name, CancellationToken cancellationToken) =>
        except(name) ? Inner.RemoveAsync(name, cancellationToken) : throw Denied("removed", name, null);

    private StoreException Denied(string what, ObjectName name, Exception? inner) =>
        new(StoreErrorKind.Denied, $"'{name}' in {Display} is not {what}: the store only takes new objects.", "Do it where the store is not append-only.", inner);
}
