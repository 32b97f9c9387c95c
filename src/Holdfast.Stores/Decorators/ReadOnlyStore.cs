namespace Holdfast.Stores.Decorators;

/// <summary>Changes nothing: for verbs that only read, whatever their code may try.</summary>
/// <param name="inner">Is read.</param>
public sealed class ReadOnlyStore(IStore inner) : StoreDecorator(inner)
{
    /// <inheritdoc/>
    public override Task PutAsync(ObjectName name, ObjectBody body, PutCondition condition, CancellationToken cancellationToken) => throw Denied("put into", name);

    /// <inheritdoc/>
    public override Task RemoveAsync(ObjectName name, CancellationToken cancellationToken) => throw Denied("removed from", name);

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private StoreException Denied(string what, ObjectName name) =>
        new(StoreErrorKind.Denied, $"'{name}' was not {what} {Display}: it is open for reading only.");
}
