using Holdfast.Core.Model;
using Holdfast.Core.Targets;

namespace Holdfast.Core.Engine;

/// <summary>Adds up what a plan means for one target, for the brake and the report.</summary>
internal sealed class PlanTally
{
    private long _new, _changed, _metadata, _moved, _deleted, _again, _bytesAdded;

    public long RemovedFiles { get; private set; }

    public long ReplacedWithoutHistory { get; private set; }

    /// <summary>Files that get other contents.</summary>
    public long ReplacedFiles { get; private set; }

    public long Mended { get; private set; }

    /// <summary>What the report should say first, or null.</summary>
    public string? Warning { get; set; }

    /// <summary>Bytes of the new and changed files that are planned.</summary>
    public long BytesPlanned { get; private set; }

    /// <summary>Of these, bytes of files that are stored.</summary>
    public long BytesStored => _bytesAdded;

    /// <summary>Counts a change as planned.</summary>
    public void Plan(Change change)
    {
        if (change.BringsBytes)
            BytesPlanned += change.Entry.Size;
        if (change.Kind == ChangeKind.Deleted && change.Entry.Type != EntryType.Folder && change.Known?.Holding != Holding.Foreign)
            RemovedFiles++;
        if (change is { Kind: ChangeKind.Changed, Known: { Entry.Type: EntryType.File, Holding: not (Holding.Lost or Holding.Foreign) } })
            ReplacedFiles++;
        if (change is { Kind: ChangeKind.Changed, Known: { Entry: { Type: EntryType.File, Tracked: false }, Holding: not Holding.Lost } })
            ReplacedWithoutHistory++;
    }

    /// <summary>Counts a change as done.</summary>
    /// <param name="change">What was done.</param>
    /// <param name="addsBytes">False when the target held the bytes under another name.</param>
    public void Do(Change change, bool addsBytes = true)
    {
        switch (change.Kind)
        {
            case ChangeKind.New:
                _new++;
                break;
            case ChangeKind.Changed:
                _changed++;
                if (change.Known?.Holding is Holding.Lost)
                    Mended++;
                break;
            case ChangeKind.Metadata:
                _metadata++;
                break;
            case ChangeKind.Moved:
                _moved++;
                break;
            case ChangeKind.Again:
                _again++;
                break;
            case ChangeKind.Deleted when change.Known?.Holding != Holding.Foreign:
                _deleted++;
                break;
        }
        if (change.BringsBytes && addsBytes)
            _bytesAdded += change.Entry.Size;
    }

    public SnapshotStatistics Statistics(RunCounters counters) => new()
    {
        Entries = counters.Files + counters.Folders + counters.Others,
        Bytes = counters.Bytes,
        New = _new,
        Changed = _changed,
        Metadata = _metadata,
        Moved = _moved,
        Deleted = _deleted,
        Again = _again,
        BytesAdded = _bytesAdded,
    };
}
