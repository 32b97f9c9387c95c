namespace Holdfast.Stores;

/// <summary>The bytes of a new object. The store opens them, reads them once from start to end and closes them.</summary>
public sealed class ObjectBody
{
    private readonly Func<Stream> _open;
    private int _opened;

    private ObjectBody(Func<Stream> open, long? length, bool canReplay) => (_open, Length, CanReplay) = (open, length, canReplay);

    /// <summary>Bytes, or null when nobody knows before the end.</summary>
    public long? Length { get; }

    /// <summary>True when they can be read again: only then is a put that failed tried again.</summary>
    public bool CanReplay { get; }

    /// <summary>Bytes in memory, which must not change.</summary>
    public static ObjectBody Of(ReadOnlyMemory<byte> bytes) => new(() => new MemoryStream(bytes.ToArray(), writable: false), bytes.Length, canReplay: true);

    /// <summary>Something that can be opened as often as it takes, and gives the same bytes each time: a staged file.</summary>
    /// <param name="open">Opens it.</param>
    /// <param name="length">Bytes, or null when unknown. A body that turns out to have another length fails the put.</param>
    public static ObjectBody Replayable(Func<Stream> open, long? length = null) => new(open, length, canReplay: true);

    /// <summary>Something that can be read once: a pipe.</summary>
    /// <param name="stream">Closed after the put.</param>
    /// <param name="length">Bytes, or null when unknown. A body that turns out to have another length fails the put.</param>
    public static ObjectBody Once(Stream stream, long? length = null) => new(() => stream, length, canReplay: false);

    /// <summary>Opens it. For stores.</summary>
    /// <exception cref="InvalidOperationException">It can be read once, and was.</exception>
    public Stream Open() => Interlocked.Increment(ref _opened) > 1 && !CanReplay
        ? throw new InvalidOperationException("These bytes can be read once, and were.")
        : _open();

    /// <summary>The same body seen through another stream, for decorators.</summary>
    internal ObjectBody Through(Func<Stream, Stream> around) => new(() => around(Open()), Length, CanReplay);
}
