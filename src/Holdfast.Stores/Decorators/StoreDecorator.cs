namespace Holdfast.Stores.Decorators;

/// <summary>A store in front of another. Derived ones override what they change; the inner one is disposed with it.</summary>
/// <param name="inner">Does the work.</param>
public abstract class StoreDecorator(IStore inner) : IStore
{
    /// <inheritdoc/>
    public virtual string Display => Inner.Display;

    /// <inheritdoc/>
    public virtual StoreTraits Traits => Inner.Traits;

    /// <summary>Does the work.</summary>
    protected IStore Inner { get; } = inner;

    /// <inheritdoc/>
    public virtual Task<ObjectContent> OpenAsync(ObjectName name, ByteRange range, CancellationToken cancellationToken) => Inner.OpenAsync(name, range, cancellationToken);

    /// <inheritdoc/>
    public virtual Task<ObjectStat?> TryStatAsync(ObjectName name, CancellationToken cancellationToken) => Inner.TryStatAsync(name, cancellationToken);

    /// <inheritdoc/>
    public virtual IAsyncEnumerable<ObjectStat> ListAsync(ObjectName? folder, CancellationToken cancellationToken) => Inner.ListAsync(folder, cancellationToken);

    /// <inheritdoc/>
    public virtual Task PutAsync(ObjectName name, ObjectBody body, PutCondition condition, CancellationToken cancellationToken) =>
        Inner.PutAsync(name, body, condition, cancellationToken);

    /// <inheritdoc/>
    public virtual Task RemoveAsync(ObjectName name, CancellationToken cancellationToken) => Inner.RemoveAsync(name, cancellationToken);

    /// <inheritdoc/>
    public virtual Task FlushAsync(CancellationToken cancellationToken) => Inner.FlushAsync(cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return Inner.DisposeAsync();
    }

    /// <summary>The same content, looked at while it is read.</summary>
    internal static ObjectContent Through(ObjectContent content, Func<Memory<byte>, CancellationToken, ValueTask> read) =>
        new(new Streams.ReadThroughStream(content.Bytes, read), content.Length, content.Version);
}
