using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;
using Holdfast.Stores;
using Holdfast.Volumes.Database;
using Holdfast.Volumes.Places;
using Holdfast.Volumes.Run;

namespace Holdfast.Volumes.Reading;

/// <summary>
/// Which volumes hold a content and go on doing so when the source is deleted: only the last good copy of a path counts, because
/// only a volume with one is never removable, and only in a volume that was read back. Older copies stay by chance.
/// </summary>
internal sealed class VolumeCopies(IVolumePlace place, VolumeDatabase database, TimeSpan keepDeleted, IReadOnlyList<Snapshot> snapshots, TimeProvider time)
{
    // Times of a server's files come from the server's clock.
    private static readonly TimeSpan ClockDifference = TimeSpan.FromMinutes(1);

    /// <param name="Entry">The newest state of the path.</param>
    /// <param name="Snapshots">Those that list it.</param>
    /// <param name="Saved">The volume the copy counts for.</param>
    /// <param name="Volumes">All volumes that have some of it: of a file in parts several.</param>
    private sealed record VolumeCopy(SnapshotEntry Entry, IReadOnlyList<Snapshot> Snapshots, long Saved, IReadOnlyList<long> Volumes) : Copy(Entry, Snapshots);

    public IEnumerable<Copy> Of(IReadOnlySet<ContentId> contents, CancellationToken cancellationToken)
    {
        var verified = database.Volumes().ToDictionary(v => v.Name.Number, v => v.Verified);
        foreach (var state in database.LiveAndGone())
        {
            cancellationToken.ThrowIfCancellationRequested();
            // A further name has no bytes of its own; the first one is listed too.
            if (state is not { Saved: { } saved, Entry: { Type: EntryType.File, Content: { } content } entry } || !contents.Contains(content) || entry.LinkedWith is { } first && first != entry.Path)
                continue;
            var held = snapshots.Where(s => s.Number >= state.First && (state.Until is not { } until || s.Number < until)).ToList();
            if (held.Count == 0)
                continue;
            var volumes = database.Parts(state.Id, saved).Select(p => p.Volume).Append(saved).Distinct().ToList();
            yield return new VolumeCopy(new SnapshotEntry(entry, state.Id), held, saved, volumes)
            {
                Verified = volumes.TrueForAll(v => verified[v] is not null) ? volumes.Min(v => verified[v]) : null,
                Kept = KeptOf(state),
            };
        }
    }

    public CopyState Look(Copy copy)
    {
        var own = (VolumeCopy)copy;
        var where = $"{place.Display}: {copy.Entry.Entry.Path}";
        // Runs of others may have come in between.
        if (database.State(copy.Entry.Version) is not { } state || state.Saved != own.Saved || (state.Until is not null && state.Gone is null))
            return new CopyState(where, null, "the record says something else of it by now");
        FileStat? stat = null;
        foreach (var volume in own.Volumes)
        {
            if (database.Volumes().FirstOrDefault(v => v.Name.Number == volume) is not { IsThere: true } known)
                return new CopyState(where, null, "a volume that holds it is not there any more");
            where = $"{place.Display}/{known.Name}: {copy.Entry.Entry.Path}";
            try
            {
                using var file = place.Open(known.Name);
                stat = file.Stat();
            }
            catch (Exception e) when (e is FileSystemException or StoreException)
            {
                return new CopyState(where, null, e.Message);
            }
            if (ProblemOf(known, stat.Value) is { } problem)
                return new CopyState(where, stat, problem);
        }
        return new CopyState(where, stat, null);
    }

    private static string? ProblemOf(KnownVolume volume, FileStat stat)
    {
        if (stat.Type != EntryType.File || stat.Size != volume.Bytes)
            return $"the volume has {stat.Size:N0} bytes, not {volume.Bytes:N0}";
        if (volume.Verified is not { } verified)
            return "nobody knows whether its volume was ever read back ('holdfast check' reads it)";
        return stat.Modified.CompareTo(Timestamp.From(verified + ClockDifference)) > 0
            ? "its volume was written to after it was read back ('holdfast check' reads it again)"
            : null;
    }

    /// <summary>
    /// The worst case: a run right now that finds the path gone. Its last copy goes when that is longer ago than keep_deleted
    /// and enough runs came after, so both are promised (<see cref="Removables"/>).
    /// </summary>
    private KeptUntil KeptOf(PathState state)
    {
        var now = time.GetUtcNow();
        var until = (state.Gone ?? now) + keepDeleted;
        var passed = state.Until is { } gone ? snapshots.Count(s => !s.IsIncomplete && s.Number >= gone) : 0;
        return new KeptUntil(until > now ? until : null, Math.Max(0, Removables.LaterRuns - passed));
    }
}
