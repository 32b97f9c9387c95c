namespace Holdfast.Stores;

/// <summary>Shorter ways to read.</summary>
public static class ObjectReading
{
    /// <summary>A whole object in memory.</summary>
    /// <param name="store">Where it is.</param>
    /// <param name="name">Which.</param>
    /// <param name="most">The most bytes to take into memory.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="StoreException"><see cref="StoreErrorKind.TooLarge"/>: it has more than <paramref name="most"/>; and as in <see cref="IObjectReader.OpenAsync"/>.</exception>
    public static async Task<byte[]> ReadAllAsync(this IObjectReader store, ObjectName name, int most, CancellationToken cancellationToken)
    {
        await using var content = await store.OpenAsync(name, ByteRange.All, cancellationToken);
        if (content.Length > most)
            throw new StoreException(StoreErrorKind.TooLarge, $"'{name}' has {content.Length} bytes; at most {most} were expected.");
        var bytes = new byte[content.Length];
        await content.Bytes.ReadExactlyAsync(bytes, cancellationToken);
        return bytes;
    }

    /// <summary>Fills a buffer with a part of an object.</summary>
    /// <exception cref="StoreException"><see cref="StoreErrorKind.Short"/>: the object ends before the buffer is full; and as in <see cref="IObjectReader.OpenAsync"/>.</exception>
    public static async Task ReadAsync(this IObjectReader store, ObjectName name, long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        await using var content = await store.OpenAsync(name, new ByteRange(offset, buffer.Length), cancellationToken);
        await content.Bytes.ReadExactlyAsync(buffer, cancellationToken);
    }
}
