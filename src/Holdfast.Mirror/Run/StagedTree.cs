using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;
using Holdfast.Mirror.History;

namespace Holdfast.Mirror.Run;

/// <summary>
/// Changes to an existing mirror: everything new is made under a number in <c>.holdfast/staging</c> and gets its name by a
/// rename once all of it is durable.
/// </summary>
internal sealed class StagedTree : IMirrorTree
{
    private readonly IFolder _place;
    private readonly IFolder _mirror;
    private readonly NewIncrement _increment;
    private readonly FurtherNames _names;
    private readonly PlaceNames _placeNames;
    private readonly FileSystemTraits _traits;
    private readonly UnlinkedHistory? _unlinked;
    private readonly MetadataWriter _metadata;
    private readonly Remarks _remarks;
    private readonly Progress _progress;
    private readonly Leftovers _leftovers;
    private readonly bool _wasInterrupted;
    private readonly StepSpool _steps;
    private readonly ConcurrentDictionary<EntryPath, long> _received = new();
    private readonly Dictionary<EntryPath, long> _stagedFirsts = [];
    private readonly List<EntryPath> _movedFrom = [];
    private readonly Lock _making = new();
    private IFolder? _staging;
    private long _last;

    public StagedTree(IFolder place, FileSystemTraits traits, IReadOnlyList<Increment> increments, NewIncrement increment, FurtherNames names, PlaceNames placeNames, IReadOnlyDictionary<ulong, EntryPath> copies, MetadataWriter metadata, Remarks remarks, Progress progress, Leftovers leftovers, bool wasInterrupted, string stateFolder)
    {
        _place = place;
        _mirror = place.OpenFolder(MirrorLayout.Mirror);
        _traits = traits;
        _unlinked = traits.HardLinks ? null : new UnlinkedHistory(_mirror, increments, increment, remarks, wasInterrupted);
        _increment = increment;
        _names = names;
        _placeNames = placeNames;
        _metadata = metadata;
        _remarks = remarks;
        _progress = progress;
        _leftovers = leftovers;
        _wasInterrupted = wasInterrupted;
        _steps = new StepSpool(stateFolder);
        foreach (var (inode, path) in copies)
            names.Knows(inode, _mirror, path);
    }

    public bool HasWork => _steps.Count > 0;

    public IContentSink Receive(Change change)
    {
        _placeNames.Claim(change.Path);
        // Taken over from an interrupted run, and then the source turned out to be another by now.
        if (_received.TryRemove(change.Path, out _))
            _increment.Untrack(change.Path);
        var number = Interlocked.Increment(ref _last);
        var name = NameOf(number);
        var mode = MirrorLayout.ModeOfNew(change.Entry);
        return new FileSink(Staging, name, Staging.CreateFile(name, mode), mode, _traits.Reflinks, _metadata, entry => Received(number, name, entry));
    }

    public ContentId? TryReuse(Change change)
    {
        if (_leftovers.Count == 0)
            return null;
        _placeNames.Claim(change.Path);
        var number = Interlocked.Increment(ref _last);
        var name = NameOf(number);
        if (_leftovers.TryTake(change.Entry, Staging, name) is not { } content)
            return null;
        var entry = change.Entry with { Content = content };
        _metadata.Apply(Staging, name, entry);
        Received(number, name, entry);
        return content;
    }

    private void Received(long number, EntryPath name, Entry entry)
    {
        Track(Staging, name, entry);
        _received[entry.Path] = number;
        _progress.Note(name, entry);
    }

    public void Discard(EntryPath path)
    {
        if (!_received.TryRemove(path, out var number))
            return;
        _increment.Untrack(path);
        Staging.Remove(NameOf(number));
    }

    public void Put(Change change)
    {
        if (NeedsName(change))
            _placeNames.Require(change.Path, _mirror);
        var staged = Stage(change);
        _steps.Write(new Step(change.Kind, change.Entry, change.Known?.Entry.Type, change.Known?.Holding, staged, KeepWhatIsReplaced(change)));
    }

    /// <summary>What the place does not hold lies in the record alone, and has no name in mirror/ before or after.</summary>
    private bool NeedsName(Change change) =>
        _traits.Holds(change.Entry.Type) && (change.Known is not { } known || !_traits.Holds(known.Entry.Type));

    public void Remove(Change change)
    {
        _placeNames.Free(change.Path);
        _steps.Write(new Step(ChangeKind.Deleted, change.Entry, change.Known?.Entry.Type, change.Known?.Holding, null, KeepWhatIsReplaced(change)));
    }

    /// <summary>What was renamed did not go away: it needs no name under deleted/.</summary>
    public void Finish()
    {
        foreach (var path in _movedFrom)
            _increment.DropDeleted(path);
        if (_unlinked is not null)
            UnlinkedHistory.Prepare(_place, _steps.Read());
    }

    public bool SetAside() => _unlinked is not null && UnlinkedHistory.SetAside(_place, _mirror, Staging, NameOf, _steps.Read());

    public void Apply() => new ApplyPass(_mirror, _staging, _traits, _metadata, _remarks, NameOf).Run(_steps.Read());

    public void Dispose()
    {
        _steps.Dispose();
        _staging?.Dispose();
        _mirror.Dispose();
    }

    private IFolder Staging
    {
        get
        {
            if (_staging is not null)
                return _staging;
            lock (_making)
            {
                if (_staging is not null)
                    return _staging;
                FolderTree.EnsureOwn(_place, MirrorLayout.Staging, MirrorLayout.FolderMode);
                return _staging = _place.OpenFolder(MirrorLayout.Staging);
            }
        }
    }

    /// <summary>Makes the new object under a number, or null when the change needs none.</summary>
    private long? Stage(Change change)
    {
        var entry = change.Entry;
        if (change.Kind is ChangeKind.Metadata or ChangeKind.Refreshed)
        {
            // A path that was only included so far gets a history: the increment holds the contents from now on.
            if (EntersHistory(change))
                Track(_mirror, entry.Path, entry);
            return _unlinked is not null && LeavesHistory(change) ? Copy(entry.Path) : null;
        }
        if (entry.Type == EntryType.Folder)
            return null;
        if (!_traits.Holds(entry.Type))
        {
            _remarks.AddNotHeld(entry.Type);
            return null;
        }
        if (_received.TryRemove(entry.Path, out var received))
        {
            if (entry.LinkedWith == entry.Path)
                _stagedFirsts[entry.Path] = received;
            return received;
        }
        var number = Interlocked.Increment(ref _last);
        var name = NameOf(number);
        if (entry.Type != EntryType.File && !change.IsFurtherName)
        {
            Node.Create(Staging, name, entry);
            _metadata.Apply(Staging, name, entry);
        }
        else if (change.Kind == ChangeKind.Moved)
        {
            _names.Add(_mirror, change.MovedFrom!.Value, Staging, name);
        }
        else if (_stagedFirsts.TryGetValue(entry.LinkedWith!.Value, out var first))
        {
            _names.Add(Staging, NameOf(first), Staging, name);
        }
        else
        {
            _names.Add(_mirror, entry.LinkedWith.Value, Staging, name);
        }
        if (entry.LinkedWith == entry.Path)
            _stagedFirsts[entry.Path] = number;
        if (entry.Type == EntryType.File)
            Track(Staging, name, entry);
        if (change.Kind == ChangeKind.Moved)
            _movedFrom.Add(change.MovedFrom!.Value);
        return number;
    }

    /// <summary>Without hard links contents lie in mirror/ alone, until something takes their place.</summary>
    private void Track(IFolder folder, EntryPath from, Entry entry)
    {
        if (entry.Tracked && _traits.HardLinks)
            _increment.Track(folder, from, entry.Path);
    }

    /// <summary>True for contents that lie in mirror/ alone and belong into an increment from now on.</summary>
    public static bool EntersHistory(Change change) =>
        change is { Kind: ChangeKind.Metadata, Entry: { Type: EntryType.File, Tracked: true }, Known.Entry.Tracked: false };

    /// <summary>
    /// What leaves mirror/ and no increment holds gets a second name first: tracked files that went away (for people),
    /// untracked ones until the commit, and what somebody put into the mirror by hand.
    /// </summary>
    /// <returns>Where it goes when there are no second names.</returns>
    private EntryPath? KeepWhatIsReplaced(Change change)
    {
        if (change.Known is { } known && (change.Kind is not (ChangeKind.New or ChangeKind.Metadata or ChangeKind.Refreshed) || LeavesHistory(change)))
        {
            if (_unlinked is not null)
                return _unlinked.WhereGoes(change, known);
            if (!LeavesHistory(change))
                Keep(change, known);
        }
        return null;
    }

    /// <summary>True for contents that older snapshots have and whose next version none will have.</summary>
    private static bool LeavesHistory(Change change) =>
        change is { Kind: ChangeKind.Metadata, Entry: { Type: EntryType.File, Tracked: false }, Known.Entry.Tracked: true };

    private long Copy(EntryPath path)
    {
        var number = Interlocked.Increment(ref _last);
        FileCopy.Make(_mirror, path, Staging, NameOf(number));
        return number;
    }

    private void Keep(Change change, KnownEntry known)
    {
        var path = change.Path;
        if (known.Holding is Holding.Foreign or Holding.Lost)
        {
            if (_mirror.TryStat(path) is not { Type: not EntryType.Folder })
                return;
            if (known.Holding == Holding.Foreign)
                _remarks.Add("{0} files in mirror/ did not come from the source; they lie under deleted/ of the new increment now");
            else if (_wasInterrupted)
                _remarks.Add("{0} files in mirror/ were already newer than the last snapshot, after an interrupted run");
            else
                _remarks.Add("{0} files in mirror/ had been edited there; the edited ones lie under deleted/ of the new increment now");
            _increment.KeepDeleted(_mirror, path, path);
            return;
        }
        if (known.Entry.Type != EntryType.File)
            return;
        if (!known.Entry.Tracked)
            KeepUntilCommit(path);
        else if (change.Kind == ChangeKind.Deleted)
            _increment.KeepDeleted(_mirror, path, path);
    }

    private void KeepUntilCommit(EntryPath path)
    {
        var kept = path.Under(MirrorLayout.UndoOf(_increment.Number - 1));
        // After a crash the first one kept is the one the newest snapshot means.
        if (_place.TryStat(kept) is not null)
            return;
        FolderTree.EnsureOwn(_place, MirrorLayout.Undo, MirrorLayout.FolderMode);
        FolderTree.Ensure(_place, kept.Parent, MirrorLayout.FolderMode);
        _names.Add(_mirror, path, _place, kept);
    }

    private static EntryPath NameOf(long number) => EntryPath.Root.Child(Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture)));
}
