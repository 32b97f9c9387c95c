using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;
using Holdfast.Mirror.History;

namespace Holdfast.Mirror.Verifying;

/// <summary>Reads one content back from the disk and compares it with the record. From several threads.</summary>
internal sealed class ReadBack(IFolder place, FileSystemTraits traits, IReadOnlyDictionary<long, Increment> increments, VerifyCounters counters)
{
    private const int BufferSize = 1 << 20;

    // An inode with names besides the one in mirror/ and the one in track/ would be read for each of them, by several
    // threads at the same time too.
    private readonly ConcurrentDictionary<ulong, Lazy<ContentId>> _read = [];

    /// <summary>What is wrong with it; null when nothing is.</summary>
    public CheckFinding? Check(HeldContent held, CancellationToken cancellationToken)
    {
        counters.Begin(held.Entry.Path);
        var mirror = held.Entry.Path.Under(MirrorLayout.Mirror);
        try
        {
            if (!held.Entry.Tracked)
                return Check(mirror, held, cancellationToken);
            var track = increments[held.Increment].TrackPath(place, held.Entry.Path);
            // Without hard links the newest contents lie in mirror/ alone.
            if (!traits.HardLinks && held.IsCurrent)
                return Check(mirror, held, cancellationToken);
            if (Check(track, held, cancellationToken) is { } finding)
                return finding;
            // Where blocks are shared, and after an edit by a program that writes a new file, the mirror has its own.
            return held.IsCurrent && place.TryStat(mirror) is { Type: EntryType.File } current && current.Inode != place.TryStat(track)?.Inode
                ? Check(mirror, held, cancellationToken)
                : null;
        }
        finally
        {
            counters.Done();
        }
    }

    private CheckFinding? Check(EntryPath path, HeldContent held, CancellationToken cancellationToken)
    {
        try
        {
            if (place.TryStat(path) is not { } stat)
                return Finding(path, held, "it is missing");
            if (stat.Type != EntryType.File)
                return Finding(path, held, "it is no file");
            if (stat.Size != held.Entry.Size)
                return Finding(path, held, string.Create(CultureInfo.InvariantCulture, $"it has {stat.Size:N0} bytes, not {held.Entry.Size:N0}: it was edited in the place"));
            if (ContentOf(path, held, stat, cancellationToken) == held.Entry.Content)
                return null;
            var resolution = place.Traits.TimeResolution;
            return Finding(path, held, stat.Modified.EqualsWithin(held.Entry.Modified, resolution) || stat.Modified.EqualsWithin(held.Brought, resolution)
                ? "its bytes are others than were saved, though its size and time are as they were: the disk may be going bad"
                : "its contents are others: it was edited in the place");
        }
        catch (FileSystemException e)
        {
            return Finding(path, held, e.Message);
        }
    }

    private ContentId ContentOf(EntryPath path, HeldContent held, in FileStat stat, CancellationToken cancellationToken)
    {
        var hasOtherNames = stat.Links > (held.IsCurrent && held.Entry.Tracked ? 2 : 1);
        if (!hasOtherNames)
            return Read(path, cancellationToken);
        var reading = _read.GetOrAdd(stat.Inode, _ => new Lazy<ContentId>(() => Read(path, cancellationToken)));
        try
        {
            return reading.Value;
        }
        catch
        {
            // Another name may be readable, and the message would name the wrong one.
            _read.TryRemove(KeyValuePair.Create(stat.Inode, reading));
            throw;
        }
    }

    private ContentId Read(EntryPath path, CancellationToken cancellationToken)
    {
        using var file = place.OpenFile(path);
        // Clean pages only are dropped; what a barrier has made durable is clean.
        file.Advise(ReadAdvice.Forget);
        file.Advise(ReadAdvice.Sequential);
        var content = Hash(file, cancellationToken);
        // The next files need the memory more.
        file.Advise(ReadAdvice.Forget);
        return content;
    }

    private ContentId Hash(IFileReader file, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            for (long at = 0; file.Read(at, buffer) is var got and > 0; at += got)
            {
                cancellationToken.ThrowIfCancellationRequested();
                hash.AppendData(buffer, 0, got);
                counters.Read(got);
            }
            return new ContentId(hash.GetHashAndReset());
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private CheckFinding Finding(EntryPath path, HeldContent held, string problem)
    {
        counters.Find();
        var since = increments[held.Increment].Id;
        var until = held.Until is { } next && increments.TryGetValue(next, out var after) ? $"until before {after.Id}" : "on";
        return new CheckFinding($"{place.Display}/{path}", problem, $"It is this file in the snapshots from {since} {until}. 'holdfast repair' takes it from the source or another place that still has it.");
    }
}
