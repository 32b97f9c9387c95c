using Holdfast.Core.Model;
using Holdfast.Core.Targets;

namespace Holdfast.Core.Engine;

/// <summary>One target's side of the merge-join: a cursor over what it had.</summary>
internal sealed class PlanTarget : IDisposable
{
    private readonly IEnumerator<KnownEntry> _previous;

    private readonly MoveFinder _moves;

    public PlanTarget(IEnumerable<KnownEntry> previous, MoveFinder moves, RootTally known, bool onlyAdds = false, ICyclicRun? cyclic = null)
    {
        (OnlyAdds, Cyclic) = (onlyAdds, cyclic);
        _moves = moves;
        Known = known;
        _previous = previous.GetEnumerator();
        Advance(keep: null);
    }

    /// <summary>The target's run, when it saves unchanged entries again.</summary>
    public ICyclicRun? Cyclic { get; }

    /// <summary>The next entry the target had, or null at the end.</summary>
    public KnownEntry? Current { get; private set; }

    /// <summary>True when nothing is ever removed from the target.</summary>
    public bool OnlyAdds { get; }

    /// <summary>In which folders of the source the target had anything.</summary>
    public RootTally Known { get; }

    /// <summary>Entries the target had, folders not counted.</summary>
    public long KnownFiles { get; private set; }

    /// <summary>Entries that stay, folders not counted.</summary>
    public long KeptFiles { get; private set; }

    /// <summary>A mounted folder that is not mounted now.</summary>
    public EntryPath? GoneMount { get; set; }

    private readonly HashSet<EntryPath> _needed = [];

    /// <summary>Something at this path stays although the scan did not see it, so the folders that hold it must stay too.</summary>
    public void Need(EntryPath kept)
    {
        // Where one is known to stay, so are those above it.
        for (var folder = kept.Parent; !folder.IsRoot && _needed.Add(folder); folder = folder.Parent)
        {
        }
    }

    /// <summary>True when the change would take away a folder that must stay. Known only when the plan is complete.</summary>
    public bool Forbids(Change change) =>
        _needed.Count > 0 && (change.Kind == ChangeKind.Deleted || change.Entry.Type != EntryType.Folder) && _needed.Contains(change.Path);

    public bool IsUnderGoneMount(EntryPath path) => GoneMount is { } mount && path.IsUnder(mount);

    public void Advance(bool? keep)
    {
        if (Current is { Entry.Type: not EntryType.Folder, Holding: not Holding.Foreign })
        {
            KnownFiles++;
            Known.Note(Current.Entry.Path);
            if (keep == true)
                KeptFiles++;
        }
        Current = _previous.MoveNext() ? _previous.Current : null;
        if (Current is { } known)
            _moves.Knows(known);
    }

    /// <summary>A file system is mounted now where the target had the folder's own contents: they stay.</summary>
    public void NoteHidden(EntryPath path)
    {
        if (Current is { Entry: { Type: EntryType.Folder, IsMountPoint: false } known } && known.Path == path)
            GoneMount = path;
    }

    /// <summary>True when a file system was mounted at this folder and is not now.</summary>
    public bool NoteMount(Entry then, Entry now, bool allowDeletions)
    {
        if (!then.IsMountPoint || allowDeletions || now is { Type: EntryType.Folder, IsMountPoint: true })
            return false;
        GoneMount = then.Path;
        return true;
    }

    public void Dispose() => _previous.Dispose();
}
