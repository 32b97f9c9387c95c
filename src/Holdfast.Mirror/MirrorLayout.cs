using System.Globalization;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;

namespace Holdfast.Mirror;

/// <summary>The names in a mirror's place (docs/formats/mirror.md). All paths are relative to the place.</summary>
internal static class MirrorLayout
{
    public const string Name = "mirror";

    /// <summary>Folders that are ours and hold no metadata of the source.</summary>
    public const int FolderMode = 0x1c0, FileMode = 0x180;

    /// <summary>
    /// Permissions to create a file with: its own, so that a call less is needed, but never a set-user-id bit before it has
    /// its owner, and always writable, because extended attributes need that. The folder it is created in is closed to others.
    /// </summary>
    public static int ModeOfNew(Entry entry) => (entry.Mode & 0x1ff) | FileMode;

    /// <summary>
    /// The permissions of an entry in mirror/: its own, but for an ordinary user always readable by its owner. A folder that
    /// its owner may not enter could not be compared or checked ever again; the record keeps what the source says.
    /// </summary>
    public static int ModeInMirror(Entry entry)
    {
        const int ownerReads = 0x100, ownerEnters = 0x40;
        if (Owners.MayChangeOwners)
            return entry.Mode;
        return entry.Type switch
        {
            EntryType.Folder => entry.Mode | ownerReads | ownerEnters,
            EntryType.File => entry.Mode | ownerReads,
            _ => entry.Mode,
        };
    }

    /// <summary>The source as it is now.</summary>
    public static readonly EntryPath Mirror = EntryPath.From("mirror");

    /// <summary>A new mirror before its first commit.</summary>
    public static readonly EntryPath NewMirror = EntryPath.From("mirror.tmp");

    /// <summary>What changed, run by run.</summary>
    public static readonly EntryPath Increments = EntryPath.From("increments");

    public static readonly EntryPath Lock = PlaceMarker.Folder.Child("lock"u8);

    /// <summary>The reports of the runs that added a snapshot.</summary>
    public static readonly EntryPath Reports = PlaceMarker.Folder.Child("reports"u8);

    /// <summary>New contents under temporary names, until they are durable.</summary>
    public static readonly EntryPath Staging = PlaceMarker.Folder.Child("staging"u8);

    /// <summary>New contents of damaged files, until they have their names.</summary>
    public static readonly EntryPath Repair = PlaceMarker.Folder.Child("repair"u8);

    /// <summary>A plain copy that is becoming mirror/, name by name.</summary>
    public static readonly EntryPath Adopting = PlaceMarker.Folder.Child("adopting"u8);

    /// <summary>Files of people that an interrupted run had taken out of mirror/. Never removed by Holdfast.</summary>
    public static readonly EntryPath Rescued = PlaceMarker.Folder.Child("rescued"u8);

    /// <summary>Contents that interrupted runs left behind, a numbered folder a run, until a run commits.</summary>
    public static readonly EntryPath Leftovers = PlaceMarker.Folder.Child("leftovers"u8);

    /// <summary>Untracked files as the newest snapshot has them, while a run replaces them.</summary>
    public static readonly EntryPath Undo = PlaceMarker.Folder.Child("undo"u8);

    /// <summary>What is being done to the history, so that a crash in it is completed.</summary>
    public static readonly EntryPath Intents = PlaceMarker.Folder.Child("intents"u8);

    /// <summary>The ids of the snapshots that were forgotten, a line each.</summary>
    public static readonly EntryPath Forgotten = PlaceMarker.Folder.Child("forgotten.jsonl"u8);

    /// <summary>When contents were last read back, a line a range of paths.</summary>
    public static readonly EntryPath Verified = PlaceMarker.Folder.Child("verified.jsonl"u8);

    /// <summary>
    /// Where the untracked files of one snapshot are kept. The number tells a run that was cut off before its commit, when
    /// they are the newest snapshot's, from one that was cut off while it tidied up, when they are nobody's.
    /// </summary>
    public static EntryPath UndoOf(long number) => Undo.Child(System.Text.Encoding.ASCII.GetBytes(number.ToString("D6", CultureInfo.InvariantCulture)));

    /// <summary>In an increment: hard links to new and changed tracked files.</summary>
    public static readonly EntryPath Track = EntryPath.From("track");

    /// <summary>In an increment: hard links to files that went away.</summary>
    public static readonly EntryPath Deleted = EntryPath.From("deleted");

    /// <summary>In an increment: the record.</summary>
    public static readonly EntryPath Entries = EntryPath.From("entries.jsonl.gz");

    /// <summary>In an increment: what it is.</summary>
    public static readonly EntryPath Description = EntryPath.From("increment.json");

    private const string TimeForm = "yyyyMMdd'T'HHmmss'Z'";

    /// <summary><c>000042-20261120T020000Z</c></summary>
    public static string IncrementId(long number, DateTimeOffset time) =>
        string.Create(CultureInfo.InvariantCulture, $"{number:D6}-{time.UtcDateTime.ToString(TimeForm, CultureInfo.InvariantCulture)}");

    /// <summary>The time in an increment's name, to the second.</summary>
    public static DateTimeOffset TimeOf(string id) =>
        DateTimeOffset.TryParseExact(id[(id.IndexOf('-', StringComparison.Ordinal) + 1)..], TimeForm, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : DateTimeOffset.UnixEpoch;

    public static EntryPath IncrementFolder(string id) => Increments.Child(System.Text.Encoding.ASCII.GetBytes(id));

    /// <summary>The folder of an increment while it is merged with others.</summary>
    public static EntryPath MergingFolder(string id) => IncrementFolder(id + ".merging");

    /// <summary>The number in an increment's name; null for anything else, among them unfinished increments.</summary>
    public static long? NumberOf(ReadOnlySpan<byte> name)
    {
        var dash = name.IndexOf((byte)'-');
        if (dash < 6 || name.Length != dash + 1 + 16 || name[^1] != 'Z' || name[dash + 9] != 'T')
            return null;
        if (name[(dash + 1)..(dash + 9)].ContainsAnyExceptInRange((byte)'0', (byte)'9') || name[(dash + 10)..^1].ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            return null;
        return long.TryParse(name[..dash], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }
}
