using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Testing.Folders;

namespace Holdfast.Testing.Faults;

internal sealed class FaultyReader(FaultPlan plan, IFileReader inner, string display, EntryPath path) : FileReaderDecorator(inner)
{
    public override FileStat Stat() => Attempt.Run(plan, FolderOperation.Stat, display, path, null, Inner.Stat);

    public override (long Start, long End)? NextData(long position, long size) =>
        Attempt.Run(plan, FolderOperation.NextData, display, path, null, () => Inner.NextData(position, size));

    public override int Read(long position, Span<byte> buffer)
    {
        plan.BeforeRead(path);
        if (plan.Before(FolderOperation.Read, display, path, null, out var after) is { } before)
            throw before;
        if (plan.EndOfReads(path) is { } end)
            buffer = buffer[..(int)Math.Clamp(end - position, 0, buffer.Length)];
        var length = Inner.Read(position, buffer);
        return after is null ? length : throw after;
    }
}
