using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;
using Holdfast.Volumes.Database;
using Holdfast.Volumes.Places;
using Holdfast.Volumes.Run;

namespace Holdfast.Volumes.Reading;

/// <summary>Volumes for reading: every run is a snapshot. What was replaced since is there as long as its volume is.</summary>
internal sealed class VolumeSnapshots : ISnapshots, IHistory, IPreparedReading, IVerified, ICopies, IKnowsPlace
{
    private readonly IVolumePlace _place;
    private readonly VolumeDatabase _database;
    private readonly VolumeOptions _options;
    private readonly VolumeCursors _cursors, _fromDisk;
    private readonly VolumeCopies _copies;
    private readonly IReadOnlyDictionary<long, VolumeName> _volumes;

    public VolumeSnapshots(string name, IVolumePlace place, PlaceMarker marker, VolumeDatabase database, VolumeOptions options, IReadOnlyList<string> warnings, TimeProvider time)
    {
        (Name, PlaceId) = (name, marker.Id);
        (_place, _database, _options) = (place, database, options);
        Warnings = warnings;
        _cursors = new VolumeCursors(place.Open, options.Codec);
        _fromDisk = new VolumeCursors(OpenFromDisk, options.Codec);
        _volumes = database.Volumes().Where(v => v.IsThere).ToDictionary(v => v.Name.Number, v => v.Name);
        Snapshots = database.Runs();
        _copies = new VolumeCopies(place, database, options.KeepDeleted, Snapshots, time);
    }

    public string Name { get; }

    public string PlaceId { get; }

    public bool OnlyAdds => false;

    public IReadOnlyList<Snapshot> Snapshots { get; }

    public IReadOnlyList<string> Warnings { get; }

    // An encoded volume gives its files one after the other.
    public bool IsSequential => true;

    public IEnumerable<SnapshotEntry> Entries(Snapshot snapshot, EntryPath under, CancellationToken cancellationToken)
    {
        foreach (var state in _database.At(snapshot.Number, under))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return new SnapshotEntry(state.Entry, state.Id);
        }
    }

    public IEnumerable<PathVersions> Histories(HistoryQuery query, CancellationToken cancellationToken)
    {
        var runs = Snapshots.ToDictionary(s => s.Number);
        foreach (var path in ByPath(_database.All().Where(s => query.Includes(s.Entry.Path.Bytes))))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (History.Of(path, Snapshots) is { Versions.Count: > 0 } versions)
                yield return versions;
        }
    }

    public bool Holds(SnapshotEntry entry) => _database.Copies(SourceOf(entry).Id).Count > 0;

    public void Prepare(IEnumerable<SnapshotEntry> wanted) => _database.ChooseVolumes(wanted.Where(e => e.Entry.Type == EntryType.File).Select(e => SourceOf(e).Id));

    public IFileReader Open(SnapshotEntry entry) => Open(entry, _cursors);

    public IEnumerable<Copy> CopiesOf(IReadOnlySet<ContentId> contents, CancellationToken cancellationToken) => _copies.Of(contents, cancellationToken);

    public CopyState Look(Copy copy) => _copies.Look(copy);

    public IFileReader OpenCopy(Copy copy) => Open(copy.Entry, _fromDisk);

    private IFileReader OpenFromDisk(VolumeName name)
    {
        var file = _place.Open(name);
        file.Advise(ReadAdvice.Forget);
        return file;
    }

    private IFileReader Open(SnapshotEntry entry, VolumeCursors cursors)
    {
        var source = SourceOf(entry);
        var copies = _database.Copies(source.Id);
        if (copies.Count == 0)
            throw Lost(entry);
        var chosen = _database.Chosen(source.Id);
        var (volume, position) = copies.FirstOrDefault(c => c.Volume == chosen, copies[0]);
        try
        {
            if (_database.Parts(source.Id, volume) is { Count: > 0 } parts)
                return new PartedReader(source.Entry, parts, (part, entry) => new MemberReader(cursors, _volumes[part.Volume], entry, part.Position).Opened());
            return new MemberReader(cursors, _volumes[volume], source.Entry, position).Opened();
        }
        catch (FileSystemException e)
        {
            throw new HoldfastException(ErrorKind.Failed, $"the volume {_volumes[volume]} cannot be read: {e.Message}.", "Is it still in the place? 'holdfast repair' says what is missing.", e);
        }
    }

    public IEnumerable<CheckFinding> CheckStructure(CancellationToken cancellationToken) => VolumeStructure.Check(_place, _database, Removables.GoneBefore(_database, _options.KeepDeleted));

    public VerificationState Verification(CancellationToken cancellationToken)
    {
        var volumes = _database.Volumes().Where(v => v.IsThere).ToList();
        var never = volumes.Where(v => v.Verified is null).ToList();
        return new VerificationState(volumes.Count, volumes.Sum(v => v.Bytes), never.Count, never.Sum(v => v.Bytes), volumes.Min(v => v.Verified));
    }

    public void Dispose()
    {
        _cursors.Dispose();
        _fromDisk.Dispose();
        _database.Dispose();
        _place.Dispose();
    }

    /// <summary>The state whose member has the bytes: of a further name, that of the first.</summary>
    private PathState SourceOf(SnapshotEntry entry)
    {
        var state = _database.State(entry.Version) ?? throw Lost(entry);
        if (entry.Entry.LinkedWith is not { } first || first == entry.Entry.Path)
            return state;
        return _database.At(state.First, first).FirstOrDefault(s => s.Entry.Path == first && s.Entry.Content == state.Entry.Content)
            ?? _database.WithContent(first, state.Entry.Content)
            ?? throw Lost(entry);
    }

    private HoldfastException Lost(SnapshotEntry entry) => new(
        ErrorKind.Failed,
        $"no volume that is there holds '{entry.Entry.Path}' ({entry.Entry.Size:N0} bytes){(_database.LostIn(entry.Version) is { } volume ? $"; the volume {volume} did" : "")}.",
        "If that volume lies elsewhere, put it back; a newer or older snapshot may have another copy.");

    private static IEnumerable<List<PathState>> ByPath(IEnumerable<PathState> states)
    {
        List<PathState> path = [];
        foreach (var state in states)
        {
            if (path.Count > 0 && path[0].Entry.Path != state.Entry.Path)
            {
                yield return path;
                path = [];
            }
            path.Add(state);
        }
        if (path.Count > 0)
            yield return path;
    }
}
