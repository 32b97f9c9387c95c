namespace Holdfast.Stores;

/// <summary>An open object, or a part of one. Dispose it, read to the end or not.</summary>
/// <param name="bytes">Gives <paramref name="length"/> bytes, once; forward only.</param>
/// <param name="length">How many bytes.</param>
/// <param name="version">As in <see cref="ObjectStat.Version"/>, of the object these bytes belong to.</param>
public sealed class ObjectContent(Stream bytes, long length, string version) : IAsyncDisposable
{
    /// <summary>Gives <see cref="Length"/> bytes, once; forward only.</summary>
    public Stream Bytes => bytes;

    /// <summary>How many bytes.</summary>
    public long Length => length;

    /// <summary>As in <see cref="ObjectStat.Version"/>, of the object these bytes belong to.</summary>
    public string Version => version;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => bytes.DisposeAsync();
}
