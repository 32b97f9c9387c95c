using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Testing.Folders;

namespace Holdfast.Testing.Restricted;

internal sealed class RestrictedWriter(RestrictedFolder folder, Restrictions limits, IFileWriter inner, string shown) : FileWriterDecorator(inner)
{
    public override void Write(long position, ReadOnlySpan<byte> bytes)
    {
        CheckSize(position + bytes.Length, "write");
        Inner.Write(position, bytes);
    }

    public override void SetSize(long size)
    {
        CheckSize(size, "set the size of");
        Inner.SetSize(size);
    }

    public override void Reserve(long size)
    {
        CheckSize(size, "reserve room for");
        Inner.Reserve(size);
    }

    public override bool TryClone(IFileReader source) => !limits.NoHardLinks && base.TryClone(source);

    public override void SetMode(int mode)
    {
        Refuse(limits.NoOwners, "set the permissions of", Errno.NotPermitted);
        Inner.SetMode(mode);
    }

    public override void SetOwner(uint userId, uint groupId)
    {
        Refuse(limits.NoOwners, "set the owner of", Errno.NotPermitted);
        Inner.SetOwner(userId, groupId);
    }

    public override void SetModified(Timestamp modified) => Inner.SetModified(folder.Coarse(modified));

    public override void SetAttribute(ExtendedAttribute attribute)
    {
        Refuse(limits.NoAttributes, "set an attribute of", Errno.NotSupported);
        Inner.SetAttribute(attribute);
    }

    public override FileStat Stat() => folder.Show(Inner.Stat());

    private void CheckSize(long size, string operation) => Refuse(size > limits.MaximumFileSize, operation, Errno.FileTooLarge);

    private void Refuse(bool refused, string operation, Errno error)
    {
        if (refused)
            throw new FileSystemException(operation, shown, error);
    }
}
