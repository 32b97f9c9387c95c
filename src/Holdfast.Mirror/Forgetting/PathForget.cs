using System.Text;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Sources.Rules;
using Holdfast.Core.Targets;
using Holdfast.Mirror.History;
using Holdfast.Mirror.Record;
using Holdfast.Mirror.Verifying;

namespace Holdfast.Mirror.Forgetting;

/// <summary>
/// Takes single files out of the history of a locked place. What the newest snapshot lists stays, and with it the snapshots'
/// view of it since the run that brought it; docs/formats/mirror-forgetting.md says in which order.
/// </summary>
internal sealed class PathForget
{
    private static readonly EntryPath Steps = PathIntent.Plan.Child("steps"u8);

    private readonly IFolder _place;
    private readonly IReadOnlyList<Increment> _increments;
    private readonly Dictionary<long, Increment> _byNumber;
    private readonly RuleList _masks;

    private PathForget(IFolder place, RuleList masks)
    {
        _place = place;
        _masks = masks;
        _increments = Increment.List(place);
        _byNumber = _increments.ToDictionary(i => i.Number);
    }

    /// <summary>Completes what a crash left undone. The place is locked.</summary>
    public static void Recover(IFolder place)
    {
        if (PathIntent.TryRead(place) is { } intent)
        {
            Complete(place, intent);
            return;
        }
        FolderTree.Delete(place, PathIntent.Plan);
        FolderTree.Delete(place, SmallFile.TemporaryOf(PathIntent.File));
    }

    /// <summary>The versions that the masks name and the newest snapshot does not list, in path order, each path's oldest first.</summary>
    public static IEnumerable<ForgottenVersion> Find(IFolder place, RuleList masks, CancellationToken cancellationToken) => new PathForget(place, masks).Find(cancellationToken);

    /// <summary>Forgets them.</summary>
    public static void Run(IFolder place, FileSystemTraits traits, RuleList masks, CancellationToken cancellationToken)
    {
        Merge.Recover(place, traits);
        Recover(place);
        if (new PathForget(place, masks).Plan(cancellationToken) is { } intent)
            Complete(place, intent);
    }

    private IEnumerable<ForgottenVersion> Find(CancellationToken cancellationToken)
    {
        var descriptions = Descriptions.Read(_place, _increments);
        var snapshots = _increments.ToDictionary(i => i.Number, descriptions.SnapshotOf);
        var cut = new PathCut(_masks);
        foreach (var history in RecordMerge.Histories(_place, _increments, cancellationToken))
        {
            var kept = cut.Keeps(history);
            for (var i = history.Newest.Count - 1; i >= kept; i--)
                if (history.Newest[i].Line is { BringsContent: true } line && (line.Entry.Type != EntryType.Folder || kept == 0))
                    yield return new ForgottenVersion(line.Entry, snapshots[history.Newest[i].Number], UntilOf(history, i) is { } until ? snapshots[until] : null);
        }
    }

    /// <summary>The number of the snapshot that has another version, or none.</summary>
    private static long? UntilOf(PathHistory history, int index)
    {
        for (var i = index - 1; i >= 0; i--)
            if (history.Newest[i].Line is { BringsContent: true } or { Kind: ChangeKind.Deleted })
                return history.Newest[i].Number;
        return null;
    }

    /// <summary>Makes the plan durable, then the intent: from then on the versions are forgotten, whatever comes. Null when there is nothing to do.</summary>
    private PathIntent? Plan(CancellationToken cancellationToken)
    {
        FolderTree.Delete(_place, PathIntent.Plan);
        FolderTree.Ensure(_place, PathIntent.Plan, MirrorLayout.FolderMode);
        var changed = PlanSteps(cancellationToken);
        if (changed.Count == 0)
        {
            FolderTree.Delete(_place, PathIntent.Plan);
            return null;
        }
        WriteRecords(changed, cancellationToken);
        var intent = new PathIntent { Increments = [.. _increments.Where(i => changed.Contains(i.Number)).Select(i => i.Id)] };
        // Invariant: the new records are durable before the intent says that they are the truth.
        _place.Barrier();
        cancellationToken.ThrowIfCancellationRequested();
        intent.Write(_place);
        return intent;
    }

    /// <summary>Writes down which files go, and finds out whose records change.</summary>
    private HashSet<long> PlanSteps(CancellationToken cancellationToken)
    {
        var changed = new HashSet<long>();
        var cut = new PathCut(_masks);
        using var steps = new BufferedStream(new FileWriteStream(_place.CreateFile(Steps, MirrorLayout.FileMode)), 1 << 16);
        foreach (var history in RecordMerge.Histories(_place, _increments, cancellationToken))
        {
            var kept = cut.Keeps(history);
            if (kept == history.Newest.Count)
                continue;
            for (var i = Math.Max(0, kept - 1); i < history.Newest.Count; i++)
                changed.Add(history.Newest[i].Number);
            for (var i = kept; i < history.Newest.Count; i++)
            {
                var id = _byNumber[history.Newest[i].Number].Id;
                steps.Write(Encoding.UTF8.GetBytes($"{id}\t{PathText.Encode(history.Path.Bytes)}\n"));
            }
        }
        return changed;
    }

    private void WriteRecords(HashSet<long> changed, CancellationToken cancellationToken)
    {
        var writers = new Dictionary<long, RecordWriter>();
        var dates = new CarriedDates(_place, _increments);
        try
        {
            foreach (var number in changed)
            {
                var folder = PathIntent.PlanOf(_byNumber[number].Id);
                FolderTree.Ensure(_place, folder, MirrorLayout.FolderMode);
                writers.Add(number, new RecordWriter(_place.CreateFile(folder.Child(MirrorLayout.Entries.Bytes), MirrorLayout.FileMode)));
            }
            var cut = new PathCut(_masks);
            foreach (var history in RecordMerge.Histories(_place, _increments, cancellationToken))
            {
                var kept = cut.Keeps(history);
                for (var i = 0; i < kept; i++)
                    if (history.Newest[i].Number is var number && writers.TryGetValue(number, out var writer))
                    {
                        writer.Write(PathCut.Line(history, i, kept));
                        dates.Add(history.Newest[i].Line, number, number);
                    }
            }
        }
        finally
        {
            foreach (var writer in writers.Values)
                writer.Dispose();
        }
        dates.Write(increment => PathIntent.PlanOf(increment.Id).Child(MirrorLayout.Entries.Bytes));
    }

    /// <summary>Does all that is left to do. Every step may be done again.</summary>
    private static void Complete(IFolder place, PathIntent intent)
    {
        foreach (var id in intent.Increments)
        {
            var planned = PathIntent.PlanOf(id).Child(MirrorLayout.Entries.Bytes);
            var folder = MirrorLayout.IncrementFolder(id);
            if (place.TryStat(planned) is not null)
                place.Rename(planned, place, folder.Child(MirrorLayout.Entries.Bytes), replace: true);
            place.SyncFolder(folder);
        }
        RemoveFiles(place);
        // Invariant: the records have their names for good before the intent goes, which is what readers believe until then.
        place.Barrier();
        place.Remove(PathIntent.File);
        place.SyncFolder(MirrorLayout.Intents);
        FolderTree.Delete(place, PathIntent.Plan);
    }

    private static void RemoveFiles(IFolder place)
    {
        using var reader = new StreamReader(new BufferedStream(new FileReadStream(place.OpenFile(Steps)), 1 << 16), new UTF8Encoding(false), detectEncodingFromByteOrderMarks: false);
        while (reader.ReadLine() is { } line)
        {
            var fields = line.Split('\t', 2);
            if (fields.Length != 2)
                throw new HoldfastException(ErrorKind.Failed, $"'{place.Display}/{Steps}' is damaged.", "Run 'holdfast check' on the place.");
            var path = EntryPath.From(PathText.Decode(Encoding.UTF8.GetBytes(fields[1])));
            var increment = MirrorLayout.IncrementFolder(fields[0]);
            HeldFile.Drop(place, [path], increment.Child(MirrorLayout.Track.Bytes));
            HeldFile.Drop(place, [path], increment.Child(MirrorLayout.Deleted.Bytes));
        }
    }
}
