using Holdfast.Core.FileSystem;

namespace Holdfast.Testing.Folders;

/// <summary>An <see cref="IFileReader"/> around another one; passes everything on.</summary>
public abstract class FileReaderDecorator(IFileReader inner) : IFileReader
{
    public IFileReader Inner { get; } = inner;

    /// <summary>The reader under all decorators, which is what a file system can clone from.</summary>
    public static IFileReader Innermost(IFileReader reader)
    {
        while (reader is FileReaderDecorator decorator)
            reader = decorator.Inner;
        return reader;
    }

    public virtual FileStat Stat() => Inner.Stat();

    public virtual Core.Model.ExtendedAttributes ReadAttributes() => Inner.ReadAttributes();

    public virtual int Read(long position, Span<byte> buffer) => Inner.Read(position, buffer);

    public virtual (long Start, long End)? NextData(long position, long size) => Inner.NextData(position, size);

    public virtual void Advise(ReadAdvice advice) => Inner.Advise(advice);

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
            Inner.Dispose();
    }
}
