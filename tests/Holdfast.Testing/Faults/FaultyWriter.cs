using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Testing.Folders;

namespace Holdfast.Testing.Faults;

internal sealed class FaultyWriter(FaultPlan plan, IFileWriter inner, string display, EntryPath path) : FileWriterDecorator(inner)
{
    public override void Write(long position, ReadOnlySpan<byte> bytes)
    {
        if (plan.Before(FolderOperation.Write, display, path, null, out var after) is { } before)
            throw before;
        Inner.Write(position, bytes);
        if (after is not null)
            throw after;
    }

    public override void SetSize(long size) => Try(FolderOperation.SetSize, () => Inner.SetSize(size));

    public override void Reserve(long size) => Try(FolderOperation.Reserve, () => Inner.Reserve(size));

    public override bool TryClone(IFileReader source) => Attempt.Run(plan, FolderOperation.Clone, display, path, null, () => base.TryClone(source));

    public override void SetMode(int mode) => Try(FolderOperation.SetMode, () => Inner.SetMode(mode));

    public override void SetOwner(uint userId, uint groupId) => Try(FolderOperation.SetOwner, () => Inner.SetOwner(userId, groupId));

    public override void SetModified(Timestamp modified) => Try(FolderOperation.SetModified, () => Inner.SetModified(modified));

    public override void SetAttribute(ExtendedAttribute attribute) => Try(FolderOperation.SetAttribute, () => Inner.SetAttribute(attribute));

    public override void Sync() => Try(FolderOperation.SyncFile, Inner.Sync);

    public override FileStat Stat() => Attempt.Run(plan, FolderOperation.Stat, display, path, null, Inner.Stat);

    private void Try(FolderOperation operation, Action action) => Attempt.Run(plan, operation, display, path, action);
}
