using System.Globalization;
using System.Text;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;
using Holdfast.Mirror.History;
using Holdfast.Mirror.Record;

namespace Holdfast.Mirror.Repairing;

/// <summary>
/// Builds missing and damaged records and descriptions anew, the oldest first. What is new is complete and durable before it
/// takes the place of the old, and the old is kept under <c>.holdfast/rescued</c>.
/// </summary>
internal sealed class RecordRepair
{
    private static readonly EntryPath NewRecord = MirrorLayout.Repair.Child(MirrorLayout.Entries.Bytes);

    private readonly IFolder _place;
    private readonly FileSystemTraits _traits;
    private readonly RepairOptions _options;
    private readonly Action<Repaired> _repaired;
    private readonly IReadOnlyList<Increment> _increments;
    private readonly FurtherNames _names;
    private readonly HashSet<long> _named;
    private EntryPath? _rescued;

    public RecordRepair(IFolder place, FileSystemTraits traits, RepairOptions options, Action<Repaired> repaired)
    {
        _place = place;
        _traits = traits;
        _options = options;
        _repaired = repaired;
        _increments = Increment.List(place);
        _names = new FurtherNames(traits.HardLinks);
        _named = [.. options.Rebuild.Select(Named)];
    }

    /// <summary>False when records are left that cannot be read: then nobody knows which contents there are to be.</summary>
    public bool Run(CancellationToken cancellationToken)
    {
        var descriptions = _increments.Select(i => (Increment: i, Problem: ProblemOfDescription(i))).Where(d => d.Problem is not null).ToList();
        var records = Problems(descriptions.Select(d => d.Increment.Number).ToHashSet(), cancellationToken);
        if (_options.DryRun)
        {
            foreach (var (increment, problem) in records)
                Say(increment, MirrorLayout.Entries, problem, "whether contents are damaged can be seen only after that");
            foreach (var (increment, problem) in descriptions)
                Say(increment, MirrorLayout.Description, problem!, null);
            return records.Count == 0;
        }
        var lost = records.Select(r => r.Increment.Number).ToHashSet();
        foreach (var (increment, problem) in records)
        {
            var left = Rebuild(increment, lost, cancellationToken);
            lost.Remove(increment.Number);
            Say(increment, MirrorLayout.Entries, problem, left);
        }
        foreach (var (increment, problem) in descriptions)
        {
            Describe(increment, cancellationToken);
            Say(increment, MirrorLayout.Description, problem!, "the exact second's fraction, who made it when that was another than the place's own client and job, and its tags");
        }
        FolderTree.Delete(_place, MirrorLayout.Repair);
        return true;
    }

    /// <param name="undescribed">Increments that may have been named for their description.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    private List<(Increment Increment, string Problem)> Problems(IReadOnlySet<long> undescribed, CancellationToken cancellationToken)
    {
        var found = new List<(Increment, string)>();
        foreach (var increment in _increments)
            if (ProblemOfRecord(increment, cancellationToken) is { } problem)
                found.Add((increment, problem));
            else if (_named.Contains(increment.Number) && (_options.Force || !undescribed.Contains(increment.Number)))
                found.Add((increment, _options.Force ? "it was intact" : throw Intact(increment, MirrorLayout.Entries)));
        return found;
    }

    private HoldfastException Intact(Increment increment, EntryPath file) => new(
        ErrorKind.Usage,
        $"the record '{_place.Display}/{increment.Folder.Child(file.Bytes)}' is intact.",
        "Built anew out of the folders it would know less. With --force it is built anew all the same.");

    /// <summary>What the disk does not give may be whole, and it may give it the next time: only people can say that it is lost.</summary>
    private string Unreadable(Increment increment, FileSystemException e) => _named.Contains(increment.Number) ? e.Message : throw new HoldfastException(
        ErrorKind.Failed,
        e.Message + ". Nothing was changed, since what it holds may be whole.",
        $"Look at the disk, its cable and its mount, and try again. If it stays so, build it anew: holdfast repair --rebuild {increment.Id}",
        e);

    private long Named(string text)
    {
        var found = _increments.Where(i => i.Id.StartsWith(text, StringComparison.OrdinalIgnoreCase)).ToList();
        return found.Count == 1 ? found[0].Number : throw new HoldfastException(ErrorKind.Usage, $"'{text}' names {found.Count} snapshots of '{_place.Display}'.", "'holdfast snapshots' lists them.");
    }

    /// <summary>Reads all of it; null when it is whole.</summary>
    private string? ProblemOfRecord(Increment increment, CancellationToken cancellationToken)
    {
        try
        {
            using var record = increment.OpenRecord(_place);
            EntryPath? last = null;
            while (record.Next() is { } line)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (last is { } before && before.CompareTo(line.Path) >= 0)
                    return $"the record is out of order at '{line.Path}'";
                last = line.Path;
            }
            return null;
        }
        catch (FileSystemException e)
        {
            return e.IsNotFound ? "it was missing" : Unreadable(increment, e);
        }
        catch (HoldfastException e)
        {
            return e.Message.Split('\n')[0];
        }
    }

    private string? ProblemOfDescription(Increment increment)
    {
        if (increment.TryReadDescription(_place, out var problem) is not null)
            return null;
        try
        {
            _ = SmallFile.TryRead(_place, increment.Folder.Child(MirrorLayout.Description.Bytes));
            return problem;
        }
        catch (FileSystemException e)
        {
            return Unreadable(increment, e);
        }
    }

    /// <summary>Says what is not known any more.</summary>
    private string Rebuild(Increment increment, IReadOnlySet<long> lost, CancellationToken cancellationToken)
    {
        FolderTree.Delete(_place, MirrorLayout.Repair);
        FolderTree.EnsureOwn(_place, MirrorLayout.Repair, MirrorLayout.FolderMode);
        var rebuilt = new RebuiltRecord(_place, _traits, increment, isLast: lost.All(number => number <= increment.Number));
        using (var record = new RecordWriter(_place.CreateFile(NewRecord, MirrorLayout.FileMode)))
            foreach (var trace in new Traces(_place, _increments, lost).Of(increment, cancellationToken))
                if (rebuilt.LineOf(trace) is { } line)
                    record.Write(line);
        foreach (var path in rebuilt.ToTrack)
            Hold(increment, path);
        // This client's cache may know what the place does not any more: with it the next run would not write that down again.
        if (_options.StateFolder is { } state && PlaceMarker.TryRead(_place) is { } marker)
            new HeadCache(state, marker.Id).Clear();
        Replace(increment, MirrorLayout.Entries, NewRecord);
        var text = new StringBuilder("metadata that were others then, names of users, renames, which older files had further names, and which files had no history");
        if (rebuilt.Lost.Count > 0)
            text.Append(CultureInfo.InvariantCulture, $"; and all of {string.Join(", ", rebuilt.Lost.Take(10).Select(p => $"'{p}'"))}{(rebuilt.Lost.Count > 10 ? $" and {rebuilt.Lost.Count - 10} more" : "")}");
        return text.ToString();
    }

    /// <summary>What had no history has one from now on: nobody knows the difference any more, and so nothing goes for it.</summary>
    private void Hold(Increment increment, EntryPath path)
    {
        var held = increment.TrackPath(_place, path);
        FolderTree.Ensure(_place, held.Parent, MirrorLayout.FolderMode);
        if (_place.TryStat(held) is null)
            _names.Add(_place, path.Under(MirrorLayout.Mirror), _place, held);
    }

    private void Describe(Increment increment, CancellationToken cancellationToken)
    {
        FolderTree.EnsureOwn(_place, MirrorLayout.Repair, MirrorLayout.FolderMode);
        var upTo = _increments.Where(i => i.Number <= increment.Number).ToList();
        var description = Descriptions.StandIn(_place, increment, upTo.Count > 1 ? upTo[^2].Number : null) with { Statistics = Count(upTo, cancellationToken) };
        var temporary = MirrorLayout.Repair.Child(MirrorLayout.Description.Bytes);
        FolderTree.Delete(_place, temporary);
        using (var file = _place.CreateFile(temporary, MirrorLayout.FileMode))
            file.Write(0, description.ToJson());
        Replace(increment, MirrorLayout.Description, temporary);
    }

    private SnapshotStatistics Count(IReadOnlyList<Increment> upTo, CancellationToken cancellationToken)
    {
        var sum = new SnapshotStatistics();
        foreach (var history in RecordMerge.Histories(_place, upTo, cancellationToken))
        {
            if (history.Current is { } current)
                sum = sum with { Entries = sum.Entries + 1, Bytes = sum.Bytes + current.Entry.Size };
            if (history.Newest[0].Number == upTo[^1].Number)
                sum = Add(sum, history.Newest[0].Line);
        }
        return sum;
    }

    private static SnapshotStatistics Add(SnapshotStatistics sum, RecordLine line) => line.Kind switch
    {
        ChangeKind.New => sum with { New = sum.New + 1, BytesAdded = sum.BytesAdded + line.Entry.Size },
        ChangeKind.Changed => sum with { Changed = sum.Changed + 1, BytesAdded = sum.BytesAdded + line.Entry.Size },
        ChangeKind.Metadata => sum with { Metadata = sum.Metadata + 1 },
        ChangeKind.Moved => sum with { Moved = sum.Moved + 1 },
        _ => sum with { Deleted = sum.Deleted + 1 },
    };

    private void Replace(Increment increment, EntryPath file, EntryPath by)
    {
        var path = increment.Folder.Child(file.Bytes);
        if (_place.TryStat(path) is not null)
        {
            var kept = path.Under(_rescued ??= MirrorRepair.NewRescuedFolder(_place));
            FolderTree.Ensure(_place, kept.Parent, MirrorLayout.FolderMode);
            _names.Add(_place, path, _place, kept);
        }
        // Invariant: the new file, what it relies on and the old one's second name are durable before the new one takes the name.
        _place.Barrier();
        _place.Rename(by, _place, path, replace: true);
        _place.SyncFolder(increment.Folder);
    }

    private void Say(Increment increment, EntryPath file, string problem, string? left) =>
        _repaired(new Repaired($"{_place.Display}/{increment.Folder.Child(file.Bytes)}", problem, "the rest of the place", [increment.Id]) { Unknown = left });
}
