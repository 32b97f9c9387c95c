using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;
using Holdfast.Mirror.History;
using Holdfast.Mirror.Record;

namespace Holdfast.Mirror.Repairing;

/// <summary>
/// Works out what a lost record said of a path. Where nothing decides, a path stays what the snapshot before says: the next
/// backup compares mirror/ with the source and puts that right, and no contents go for it.
/// </summary>
/// <param name="place">The place.</param>
/// <param name="traits">What it can hold.</param>
/// <param name="increment">The increment whose record is lost.</param>
/// <param name="isLast">True when no later record is lost: then mirror/ tells what no later record does.</param>
internal sealed class RebuiltRecord(IFolderReader place, FileSystemTraits traits, Increment increment, bool isLast)
{
    private const int FolderMode = 0x1ed;

    private readonly PlaceEntries _entries = new(place);
    private readonly EntryPath _track = increment.Folder.Child(MirrorLayout.Track.Bytes);
    private readonly IReadOnlyDictionary<ulong, EntryPath> _inTrack = new PlaceEntries(place).Groups(increment.Folder.Child(MirrorLayout.Track.Bytes));
    private readonly Lazy<IReadOnlyDictionary<ulong, EntryPath>> _inMirror = new(() => new PlaceEntries(place).Groups(MirrorLayout.Mirror));

    /// <summary>Files of mirror/ that no increment holds yet: the record is about to say that this one does.</summary>
    public List<EntryPath> ToTrack { get; } = [];

    /// <summary>Paths that were there and of which nothing is left.</summary>
    public List<EntryPath> Lost { get; } = [];

    /// <summary>The line of a path; null when the run did nothing to it, as far as anything tells.</summary>
    public RecordLine? LineOf(PathTrace trace)
    {
        if (trace.Track is { Type: EntryType.File } track)
            return Brings(trace, Brought(trace, track));
        if (FromLater(trace, out var line) || line is not null)
            return line;
        return trace.Track is not null && trace.Before is null ? Brings(trace, OnTheWay(trace.Path, trace.Track.Value)) : null;
    }

    /// <summary>A later line knows the file's metadata and hash of then, unless it is about the next contents.</summary>
    private Entry Brought(PathTrace trace, in FileStat track) =>
        trace.Next is { Kind: ChangeKind.Deleted or ChangeKind.Metadata, Entry: { Type: EntryType.File, Content: not null } then }
            ? then with { Tracked = true }
            : _entries.Read(_track, trace.Path, track, IsCurrent(trace, track) ? _inMirror.Value : _inTrack);

    /// <summary>With the inode, mirror/ tells too which other names the file has.</summary>
    private static bool IsCurrent(PathTrace trace, in FileStat track) => !trace.IsHidden && trace.Next is null && trace.Now is { } now && now.Inode == track.Inode;

    /// <summary>What later records or mirror/ tell. False when nothing does.</summary>
    private bool FromLater(PathTrace trace, out RecordLine? line)
    {
        line = trace switch
        {
            { IsHidden: true } => WentAway(trace, trace.Gone is not null),
            { Next.Kind: ChangeKind.New } => WentAway(trace, true),
            { Next.Kind: ChangeKind.Deleted or ChangeKind.Metadata } => WasThere(trace, trace.Next.Entry, trace.Next.Kind == ChangeKind.Deleted),
            // A move may end on a path that was there, or on one that was not.
            { Next.Kind: ChangeKind.Moved } => WentAway(trace, trace.Gone is not null),
            { Next: not null } => Unknown(trace),
            { Now: { } now } => IsThere(trace, now),
            _ => WentAway(trace, isLast || trace.Gone is not null),
        };
        return line is not null;
    }

    private RecordLine? WentAway(PathTrace trace, bool went) =>
        went && trace.Before is { } before && (trace.Gone is not null || trace.Next is not null || traits.Holds(before.Type)) ? new RecordLine(ChangeKind.Deleted, before, null) : null;

    /// <summary>The path was there, as a later line has it; its metadata are exactly these when that line took it away.</summary>
    private static RecordLine? WasThere(PathTrace trace, Entry then, bool exactly)
    {
        if (trace.Before is not { } before || !before.SameContents(then) || before.Device != then.Device)
            return Brings(trace, then);
        return exactly && !before.SameMetadata(then) ? new RecordLine(ChangeKind.Metadata, then, null) : null;
    }

    /// <summary>A later run replaced what was there.</summary>
    private RecordLine? Unknown(PathTrace trace)
    {
        if (trace.Before is null)
            Lost.Add(trace.Path);
        return null;
    }

    /// <summary>No later record names the path: what lies in mirror/ was there since, unless somebody put it there.</summary>
    private RecordLine? IsThere(PathTrace trace, in FileStat now)
    {
        if (trace.Before is not { } before)
            return Brings(trace, Current(trace.Path, now));
        if (!isLast)
            return null;
        if (before.Type == EntryType.File && now.Type == EntryType.File)
            return FileIsThere(trace, before, now);
        if (before.Type != now.Type)
            return Brings(trace, Current(trace.Path, now));
        var current = Current(trace.Path, now);
        if (!before.SameContents(current) || before.Device != current.Device)
            return Brings(trace, current);
        return HasMetadataOf(before, now) ? null : new RecordLine(ChangeKind.Metadata, current, null);
    }

    private RecordLine? FileIsThere(PathTrace trace, Entry before, in FileStat now)
    {
        // Without hard links nothing but the bytes tells that a file was replaced by one of the same size and time.
        var hasMetadata = before.Size == now.Size && HasMetadataOf(before, now);
        if (hasMetadata && traits.HardLinks)
            return null;
        var current = _entries.Read(MirrorLayout.Mirror, trace.Path, now, _inMirror.Value) with { Tracked = before.Tracked };
        if (current.Content == before.Content)
            return hasMetadata ? null : new RecordLine(ChangeKind.Metadata, current, null);
        // With hard links a run that replaces a file leaves a name in track/: this one was edited by hand.
        return traits.HardLinks ? null : new RecordLine(ChangeKind.Changed, current, null);
    }

    private Entry Current(EntryPath path, in FileStat now)
    {
        if (now.Type == EntryType.File && traits.HardLinks)
            ToTrack.Add(path);
        return _entries.Read(MirrorLayout.Mirror, path, now, _inMirror.Value);
    }

    private bool HasMetadataOf(Entry entry, in FileStat stat) =>
        MirrorScan.HasMetadata(entry, stat, traits, keepsOwners: Owners.MayChangeOwners && traits.Owners);

    /// <summary>A folder that only its files still tell of.</summary>
    private static Entry OnTheWay(EntryPath path, in FileStat stat) => new()
    {
        Path = path,
        Type = EntryType.Folder,
        Modified = stat.Modified,
        Mode = FolderMode,
        UserId = stat.UserId,
        GroupId = stat.GroupId,
    };

    private static RecordLine Brings(PathTrace trace, Entry entry) => new(trace.Before is null ? ChangeKind.New : ChangeKind.Changed, entry, null);
}
