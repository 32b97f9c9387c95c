using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;
using Holdfast.Volumes.Database;
using Holdfast.Volumes.Tar;

namespace Holdfast.Volumes.Run;

/// <summary>
/// Puts entries into the volumes of a run and records them in the database. A link group is saved as a unit: a further name
/// waits for the first, which has the bytes.
/// </summary>
internal sealed class Saving(VolumeDatabase database, VolumeSeries volumes, RunFigures figures, Remarks remarks, long run)
{
    // First names of link groups: in a volume of this run, in parts, and those that are due because a further name is new.
    private readonly HashSet<EntryPath> _savedGroups = [], _partedGroups = [], _wantedGroups = [];
    private readonly List<Change> _waiting = [];
    // States whose hints alone seemed to differ, and those of them whose contents did too.
    private readonly HashSet<long> _refreshed = [], _replaced = [];
    private bool _isCyclic;

    /// <summary>True when anything but hints was recorded.</summary>
    public bool Any { get; private set; }

    public void BeginCyclic() => _isCyclic = true;

    public void Want(EntryPath firstName) => _wantedGroups.Add(firstName);

    public bool IsWanted(EntryPath firstName) => _wantedGroups.Contains(firstName);

    public void OnlyHintsDiffer(KnownEntry known) => _refreshed.Add(known.Version);

    /// <summary>True for a state whose contents turned out to be new, though only its hints had seemed to be.</summary>
    public bool WasReplaced(long version) => _replaced.Contains(version);

    /// <summary>A file whose bytes are at hand; it is let go.</summary>
    public void Put(Change change, HeldFile file)
    {
        using (file)
        {
            var volume = volumes.For(file.Entry.Size);
            var position = volume.Begin(new TarMember(file.Entry));
            volume.Tar.Write(file.Bytes);
            volume.Tar.End();
            Record(change, new SavedMember(file.Entry, volume.Name.Number, position));
        }
    }

    /// <summary>What has no bytes of its own.</summary>
    public void Put(Change change)
    {
        var entry = change.Entry;
        if (change.Kind == ChangeKind.Refreshed)
            database.Replace(change.Known!.Version, entry);
        else if (entry.Type == EntryType.Socket)
            Record(change, new SavedMember(entry, volumes.For(0).Name.Number, -1));
        else if (VolumesRun.IsFurtherName(entry))
            PutFurtherName(change);
        else
            Record(change, AddMember(new TarMember(entry)));
    }

    /// <summary>The run found the path gone.</summary>
    public void Gone(Change change, DateTimeOffset time)
    {
        database.End(change.Known!.Version, run, time);
        figures.Gone(change.Entry);
        Any = true;
    }

    /// <summary>The further names whose first name came after them, now that everything else is saved.</summary>
    public void PutWaiting()
    {
        foreach (var change in _waiting)
            if (_savedGroups.Contains(change.Entry.LinkedWith!.Value))
                Record(change, AddName(change.Entry));
            else
                remarks.Add($"'{change.Path}' shares its bytes with '{change.Entry.LinkedWith}', which could not be saved".Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal));
    }

    /// <summary>What is in a volume now.</summary>
    public void Record(Change change, SavedMember saved)
    {
        var entry = saved.Entry;
        var known = change.Known?.Entry;
        if (known is null && saved.Parts.Count == 0)
        {
            database.AddNew(entry, run, saved.Volume, saved.Position);
            Note(change, saved);
            return;
        }
        // The source's disk may be failing, and its bytes now replace the last good copy.
        if (change.Kind == ChangeKind.Again && known!.Content is { } then && entry.Content is { } now && then != now)
            remarks.Say($"'{change.Path}' has other bytes than when it was saved last, though neither its size nor its times changed: if nobody wrote to it, restore it from an older snapshot now, while its volume is there");
        var isSame = known is not null && known.SameContents(entry) && known.SameMetadata(entry) && known.LinkedWith == entry.LinkedWith && change.Known!.Holding == Holding.Intact;
        long version;
        if (isSame)
            database.Replace(version = change.Known!.Version, entry);
        else
            version = database.Add(entry, run);
        if (!isSame && !_isCyclic && _refreshed.Contains(change.Known?.Version ?? 0))
            _replaced.Add(change.Known!.Version);
        if (saved.Parts.Count > 0)
            database.AddCopy(version, saved.Volume, saved.Position, saved.Parts);
        else
            database.AddNewestCopy(version, saved.Volume, saved.Position);
        Note(change, saved);
    }

    private void PutFurtherName(Change change)
    {
        var first = change.Entry.LinkedWith!.Value;
        if (_savedGroups.Contains(first))
        {
            Record(change, AddName(change.Entry));
            return;
        }
        // Its bytes are in no volume of this run yet: they are saved again with the cyclic part, unless that has passed them.
        if (!_isCyclic)
            _wantedGroups.Add(first);
        _waiting.Add(change);
    }

    /// <summary>A further name. Of a file in parts tar has nothing to link it to: the index alone knows it.</summary>
    private SavedMember AddName(Entry entry) =>
        _partedGroups.Contains(entry.LinkedWith!.Value)
            ? new SavedMember(entry, volumes.For(0).Name.Number, -1)
            : AddMember(new TarMember(entry) { HardLinkTo = entry.LinkedWith });

    private SavedMember AddMember(TarMember member)
    {
        var volume = volumes.For(0);
        var position = volume.Begin(member);
        volume.Tar.End();
        return new SavedMember(member.Entry, volume.Name.Number, position);
    }

    private void Note(Change change, SavedMember saved)
    {
        var entry = saved.Entry;
        if (entry.LinkedWith == entry.Path)
            _savedGroups.Add(entry.Path);
        if (entry.LinkedWith == entry.Path && saved.Parts.Count > 0)
            _partedGroups.Add(entry.Path);
        figures.Saved(change, _isCyclic, entry);
        Any = true;
    }
}
