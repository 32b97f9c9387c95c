namespace Holdfast.Stores;

/// <summary>
/// A flat, dumb store of objects: names and bytes, and nothing else. Volumes and repositories lie in one. All implementations
/// and decorators fulfil the same contract, which stands on the interfaces it is made of; one suite of tests checks it.
/// </summary>
/// <remarks>
/// <para><b>Atomic.</b> A name is there with all its bytes or it is not there; a put that fails, is cancelled or loses its machine
/// leaves nothing under the name, or what was there before.</para>
/// <para><b>Read after write.</b> What was put is read, listed and found by everybody from the moment the put returned, and what was
/// removed is not.</para>
/// <para><b>Durable.</b> What was put and removed before <see cref="IObjectBarrier.FlushAsync"/> outlives the loss of power once that
/// has returned. Before, it may.</para>
/// <para><b>Errors.</b> All are <see cref="StoreException"/>, which says whether trying again helps, or
/// <see cref="OperationCanceledException"/>. After an error that a retry may mend, it is unknown whether the call took effect.</para>
/// <para>A store may be used by many tasks at once, up to <see cref="StoreTraits.Parallelism"/> calls without a loss of speed.</para>
/// </remarks>
public interface IStore : IObjectReader, IObjectList, IObjectWriter, IObjectRemover, IObjectBarrier, IAsyncDisposable
{
    /// <summary>How messages call it: a path or an address, without secrets.</summary>
    string Display { get; }

    /// <summary>What it can do.</summary>
    StoreTraits Traits { get; }
}

/// <summary>Reads objects.</summary>
public interface IObjectReader
{
    /// <summary>Opens an object, or a part of it, to be read once from start to end.</summary>
    /// <param name="name">Which.</param>
    /// <param name="range">Which bytes; <see cref="ByteRange.All"/> for the whole.</param>
    /// <param name="cancellationToken">Ends it; also while the bytes are read.</param>
    /// <returns>
    /// The bytes. Their stream gives exactly as many as asked for: one that would end early throws
    /// <see cref="StoreErrorKind.Short"/> instead. It throws nothing but <see cref="StoreException"/>.
    /// </returns>
    /// <exception cref="StoreException">
    /// <see cref="StoreErrorKind.NotFound"/>: the store says that there is no such object.
    /// <see cref="StoreErrorKind.Short"/>: the object ends before the range does.
    /// </exception>
    Task<ObjectContent> OpenAsync(ObjectName name, ByteRange range, CancellationToken cancellationToken);

    /// <summary>Size and version of an object, or null when the store says that it is not there (every other doubt throws).</summary>
    Task<ObjectStat?> TryStatAsync(ObjectName name, CancellationToken cancellationToken);
}

/// <summary>Lists objects.</summary>
public interface IObjectList
{
    /// <summary>
    /// Every object, or every one below a folder, in no order, each once. A list that comes to its end is complete; one that
    /// breaks off throws. What the store holds beside objects (unfinished puts, files with other names) is not in it.
    /// Objects put or removed meanwhile may be in it or not.
    /// </summary>
    /// <param name="folder">Only names that begin with it and a slash; null for all. A folder without objects gives an empty list.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="StoreException"><see cref="StoreErrorKind.NoStore"/>: the store itself is gone; never an empty list.</exception>
    IAsyncEnumerable<ObjectStat> ListAsync(ObjectName? folder, CancellationToken cancellationToken);
}

/// <summary>Puts objects.</summary>
public interface IObjectWriter
{
    /// <summary>
    /// Stores an object, of any length, in bounded memory. It is seen under its name only when all bytes have arrived. The name
    /// may be durable no earlier than the next <see cref="IObjectBarrier.FlushAsync"/>, but never before the bytes are.
    /// </summary>
    /// <param name="name">Its name.</param>
    /// <param name="body">Its bytes. An exception of the body's own stream ends the put and comes out as it is.</param>
    /// <param name="condition">What to do when the name is taken.</param>
    /// <param name="cancellationToken">Ends it; nothing is left under the name.</param>
    /// <exception cref="StoreException">
    /// <see cref="StoreErrorKind.Exists"/>: the name is taken and the condition was <see cref="PutCondition.IfAbsent"/>; what is there stays.
    /// <see cref="StoreErrorKind.Unsupported"/>: the condition was <see cref="PutCondition.IfAbsent"/>, the store cannot make sure
    /// (<see cref="StoreTraits.ConditionalPut"/>) and the name is not one of contents (<see cref="ObjectName.NamesItsContent"/>).
    /// <see cref="StoreErrorKind.TooLarge"/>, <see cref="StoreErrorKind.NoSpace"/>.
    /// </exception>
    Task PutAsync(ObjectName name, ObjectBody body, PutCondition condition, CancellationToken cancellationToken);
}

/// <summary>What a put does with a name that is taken.</summary>
public enum PutCondition
{
    /// <summary>It fails. Of two that put one name at the same time, one succeeds.</summary>
    IfAbsent,

    /// <summary>It replaces the object in one step: readers see the old bytes or the new ones.</summary>
    Replace,
}

/// <summary>Removes objects.</summary>
public interface IObjectRemover
{
    /// <summary>Removes an object. One that is not there is no error: whoever tries again may have succeeded before.</summary>
    Task RemoveAsync(ObjectName name, CancellationToken cancellationToken);
}

/// <summary>The barrier.</summary>
public interface IObjectBarrier
{
    /// <summary>Returns when everything this store put and removed before the call is durable.</summary>
    Task FlushAsync(CancellationToken cancellationToken);
}
