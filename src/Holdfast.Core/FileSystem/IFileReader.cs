namespace Holdfast.Core.FileSystem;

/// <summary>An open file, for reading.</summary>
public interface IFileReader : IDisposable
{
    /// <summary>Metadata of the open file, as it is now.</summary>
    FileStat Stat();

    /// <summary>All extended attributes the caller may see.</summary>
    Model.ExtendedAttributes ReadAttributes();

    /// <summary>Reads at a position; returns fewer bytes only at the end of the file, 0 there.</summary>
    int Read(long position, Span<byte> buffer);

    /// <summary>
    /// The next stretch of data at or after <paramref name="position"/>: (start, end), or null when only a hole follows.
    /// A file system that knows no holes says that all is data.
    /// </summary>
    (long Start, long End)? NextData(long position, long size);

    /// <summary>Tells the system that the file will be read from start to end, or that what was read is not needed again.</summary>
    void Advise(ReadAdvice advice);
}

/// <summary>How a file is going to be read.</summary>
public enum ReadAdvice
{
    /// <summary>From start to end, once.</summary>
    Sequential,

    /// <summary>Drop the file's pages from memory, so that the next read comes from the disk.</summary>
    Forget,
}
