using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;

namespace Holdfast.Testing.Folders;

/// <summary>An <see cref="IFileWriter"/> around another one; passes everything on.</summary>
public abstract class FileWriterDecorator(IFileWriter inner) : IFileWriter
{
    public IFileWriter Inner { get; } = inner;

    public virtual void Write(long position, ReadOnlySpan<byte> bytes) => Inner.Write(position, bytes);

    public virtual void SetSize(long size) => Inner.SetSize(size);

    public virtual void Reserve(long size) => Inner.Reserve(size);

    public virtual bool TryClone(IFileReader source) => Inner.TryClone(FileReaderDecorator.Innermost(source));

    public virtual void StartWriteback() => Inner.StartWriteback();

    public virtual void SetMode(int mode) => Inner.SetMode(mode);

    public virtual void SetOwner(uint userId, uint groupId) => Inner.SetOwner(userId, groupId);

    public virtual void SetModified(Timestamp modified) => Inner.SetModified(modified);

    public virtual void SetAttribute(ExtendedAttribute attribute) => Inner.SetAttribute(attribute);

    public virtual void Sync() => Inner.Sync();

    public virtual FileStat Stat() => Inner.Stat();

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
