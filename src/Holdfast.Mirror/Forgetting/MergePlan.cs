using System.Text;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;
using Holdfast.Mirror.History;
using Holdfast.Mirror.Record;
using Holdfast.Mirror.Verifying;

namespace Holdfast.Mirror.Forgetting;

/// <summary>Works out a merge: its record, its description and its steps, under the intent's folder. Changes nothing else.</summary>
internal sealed class MergePlan
{
    public static readonly EntryPath Steps = MergeIntent.Plan.Child("steps"u8);

    private readonly IFolder _place;
    private readonly IReadOnlyList<Increment> _members;
    private readonly bool _isFirst;
    private readonly Dictionary<long, int> _indexOf;
    private readonly int _base;

    private MergePlan(IFolder place, IReadOnlyList<Increment> members, bool isFirst)
    {
        _place = place;
        _members = members;
        _isFirst = isFirst;
        _indexOf = members.Select((m, i) => (m.Number, i)).ToDictionary(x => x.Number, x => x.i);
        _base = Largest();
    }

    /// <summary>Makes the plan durable, then the intent: from then on the merge has happened, whatever comes.</summary>
    /// <param name="place">The place, locked.</param>
    /// <param name="members">Neighbours, oldest first; the last stays.</param>
    /// <param name="before">The increment before them, or null.</param>
    /// <param name="cancellationToken">Breaks off as long as nothing is decided.</param>
    public static MergeIntent Make(IFolder place, IReadOnlyList<Increment> members, Increment? before, CancellationToken cancellationToken)
    {
        FolderTree.Delete(place, MergeIntent.Plan);
        FolderTree.Ensure(place, MergeIntent.Plan, MirrorLayout.FolderMode);
        var plan = new MergePlan(place, members, before is null);
        plan.WriteRecord(cancellationToken);
        plan.WriteDescription(before);
        var intent = new MergeIntent
        {
            Members = [.. members.Select(m => m.Id)],
            Base = members[plan._base].Id,
            HasDeleted = place.TryStat(members[^1].Folder.Child(MirrorLayout.Deleted.Bytes)) is not null,
        };
        // Invariant: the merged record is durable before the intent says that it is the truth.
        place.Barrier();
        cancellationToken.ThrowIfCancellationRequested();
        intent.Write(place);
        return intent;
    }

    /// <summary>The member with the longest record: its files stay where they are, so that the work grows with the smaller ones.</summary>
    private int Largest()
    {
        var sizes = _members.Select(m => _place.Stat(m.Folder.Child(MirrorLayout.Entries.Bytes)).Size).ToList();
        return sizes.IndexOf(sizes.Max());
    }

    private void WriteRecord(CancellationToken cancellationToken)
    {
        var path = MergeIntent.Plan.Child(MirrorLayout.Entries.Bytes);
        var dates = new CarriedDates(_place, _members);
        using (var record = new RecordWriter(_place.CreateFile(path, MirrorLayout.FileMode)))
            WriteRecord(record, dates, cancellationToken);
        dates.Write(_ => path);
    }

    private void WriteRecord(RecordWriter record, CarriedDates dates, CancellationToken cancellationToken)
    {
        using var steps = new BufferedStream(new FileWriteStream(_place.CreateFile(Steps, MirrorLayout.FileMode)), 1 << 16);
        foreach (var history in RecordMerge.Histories(_place, _members, cancellationToken))
        {
            var lines = history.Newest.Select(n => n.Line).ToList();
            var merged = LineMerge.Of(lines, inOldest: history.Newest[^1].Number == _members[0].Number, _isFirst);
            if (merged is not null)
                record.Write(merged);
            if (merged is not null)
                dates.Add(merged, LineMerge.Bringer(lines) is { } bringer ? history.Newest[bringer].Number : null, _members[^1].Number);
            foreach (var step in StepsFor(history, lines))
                steps.Write(Encoding.UTF8.GetBytes(step.ToLine()));
        }
    }

    private IEnumerable<MergeStep> StepsFor(PathHistory history, List<RecordLine> lines)
    {
        var needed = lines[0].Entry is { Type: EntryType.File, Tracked: true } && LineMerge.Bringer(lines) is { } bringer ? MemberOf(bringer) : (int?)null;
        // Without its source a move would leave another version in its place.
        var moves = needed is { } source && source != _base && _place.TryStat(_members[source].TrackPath(_place, history.Path)) is { Type: EntryType.File };
        if (moves)
            yield return new MergeStep(MergeStepKind.Move, needed!.Value, history.Path);
        for (var i = 0; i < lines.Count; i++)
            if (MemberOf(i) == _base && needed != _base && !moves && HoldsContents(lines[i]))
                yield return new MergeStep(MergeStepKind.Drop, _base, history.Path);

        var goesInSurvivor = MemberOf(0) == _members.Count - 1 && lines[0] is { Kind: ChangeKind.Deleted, Entry.Type: EntryType.File };
        if (goesInSurvivor && (_isFirst || lines.Skip(1).Any(line => line.BringsContent)))
            yield return new MergeStep(MergeStepKind.DropDeleted, _members.Count - 1, history.Path);

        int MemberOf(int line) => _indexOf[history.Newest[line].Number];
    }

    private static bool HoldsContents(RecordLine line) => line is { BringsContent: true, Entry: { Type: EntryType.File, Tracked: true } };

    private void WriteDescription(Increment? before)
    {
        var description = _members[^1].ReadDescription(_place) with { Parent = before?.Number };
        using var file = _place.CreateFile(MergeIntent.Plan.Child(MirrorLayout.Description.Bytes), MirrorLayout.FileMode);
        file.Write(0, description.ToJson());
    }
}
