using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;

namespace Holdfast.Core.Engine.Restoring;

/// <summary>Writes one file under its temporary name, hashed on the way. Nothing that is there is touched.</summary>
internal sealed class FileStaging(ISnapshots snapshots, MetadataWriter metadata, RestoreCounters counters, TemporaryName names)
{
    private const int FileMode = 0x180;
    private const int HoleSize = 4096;

    // From this size on, a full disk is known before the work.
    private const long ReserveFrom = 16 * 1024 * 1024;

    /// <summary>Brings the file under <see cref="RestoreItem.Temporary"/>; not when what is there turns out to have the contents.</summary>
    /// <exception cref="HoldfastException">The place does not hold the bytes, or other ones.</exception>
    public async ValueTask WriteAsync(RestoreItem item, ContentReading reading, CancellationToken cancellationToken)
    {
        if (item.InDoubt && await HasContentsAsync(item, reading, cancellationToken))
            return;
        if (item.InDoubt)
            item.Action = RestoreAction.Replace;

        var entry = item.Entry;
        var folder = item.Folder.Folder!;
        using var content = snapshots.Open(item.Source);
        var name = names.Next();
        var file = folder.CreateFile(name, FileMode);
        await using var sink = new FileSink(folder, name, file, FileMode, mayClone: folder.Traits.Reflinks, metadata, _ => item.Temporary = name);
        var cloned = sink.TryClone(content);
        if (!cloned && !entry.IsSparse && entry.Size >= ReserveFrom)
            file.Reserve(entry.Size);
        Func<long, ReadOnlyMemory<byte>, ValueTask>? take = cloned ? null
            : entry.IsSparse ? (position, bytes) => WriteDataAsync(sink, position, bytes, cancellationToken)
            : (position, bytes) => sink.WriteAsync(position, bytes, cancellationToken);
        var hash = await reading.ReadAsync(content, entry.Size, entry.IsSparse, take, cancellationToken);
        RequireRecorded(entry, hash);
        await sink.CompleteAsync(entry, cancellationToken);
        if (item.Folder.Inherits)
            metadata.Apply(folder, name, entry);
        counters.FileDone(entry.Size);
    }

    /// <summary>Makes a symlink or special file under its temporary name.</summary>
    public void MakeNode(RestoreItem item)
    {
        var folder = item.Folder.Folder!;
        var name = names.Next();
        Node.Create(folder, name, item.Entry);
        item.Temporary = name;
        metadata.Apply(folder, name, item.Entry);
    }

    /// <summary>Reads the written file back from the disk.</summary>
    /// <exception cref="HoldfastException">Other bytes came back.</exception>
    public static async ValueTask VerifyAsync(RestoreItem item, ContentReading reading, CancellationToken cancellationToken)
    {
        using var file = item.Folder.Folder!.OpenFile(item.Temporary);
        file.Advise(ReadAdvice.Forget);
        var hash = await reading.ReadAsync(file, file.Stat().Size, item.Entry.IsSparse, take: null, cancellationToken);
        if (item.Entry.Content is { } recorded && hash != recorded)
            throw new HoldfastException(
                ErrorKind.Failed,
                $"read back from the disk its bytes are not those that were written (sha256 {hash}, should be {recorded}). It was not restored.",
                "Check the disk it is restored to.");
    }

    /// <summary>True when what is there has the recorded contents.</summary>
    public static async ValueTask<bool> HasContentsAsync(RestoreItem item, ContentReading reading, CancellationToken cancellationToken)
    {
        using var there = item.Folder.Folder!.OpenFile(item.Name);
        return await reading.ReadAsync(there, item.Entry.Size, item.Entry.IsSparse, take: null, cancellationToken) == item.Entry.Content;
    }

    private static void RequireRecorded(Entry entry, ContentId hash)
    {
        if (entry.Content is { } recorded && hash != recorded)
            throw new HoldfastException(
                ErrorKind.Failed,
                $"its bytes in the place are not those of the record (sha256 {hash}, should be {recorded}). It was not restored; what was there stays.",
                "An older snapshot, or another copy of the place, may hold them.");
    }

    /// <summary>Leaves runs of zeros out, so that they become holes even when the place cannot tell where holes were.</summary>
    private static async ValueTask WriteDataAsync(FileSink sink, long position, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        var from = 0;
        while (from < bytes.Length)
        {
            while (from < bytes.Length && IsZero(bytes, from))
                from += HoleSize;
            var to = from;
            while (to < bytes.Length && !IsZero(bytes, to))
                to += HoleSize;
            to = Math.Min(to, bytes.Length);
            if (from < to)
                await sink.WriteAsync(position + from, bytes[from..to], cancellationToken);
            from = to;
        }
    }

    private static bool IsZero(ReadOnlyMemory<byte> bytes, int from) =>
        !bytes.Span.Slice(from, Math.Min(HoleSize, bytes.Length - from)).ContainsAnyExcept((byte)0);
}
