using Holdfast.Core.Model;
using Holdfast.Core.Targets;

namespace Holdfast.Library;

/// <summary>The names in a library's place (docs/formats/library.md). All paths are relative to the place.</summary>
internal static class LibraryLayout
{
    public const string Name = "library";

    public const int FolderMode = 0x1ed, FileMode = 0x1a4;

    public static readonly EntryPath Lock = PlaceMarker.Folder.Child("lock"u8);

    /// <summary>Which names the contents were uploaded under.</summary>
    public static readonly EntryPath Names = PlaceMarker.Folder.Child("names.jsonl"u8);

    /// <summary>What people decided.</summary>
    public static readonly EntryPath Log = PlaceMarker.Folder.Child("log.jsonl"u8);

    /// <summary>Which contents were read back from the disk, and when.</summary>
    public static readonly EntryPath Verified = PlaceMarker.Folder.Child("verified.jsonl"u8);

    /// <summary>The index: may be deleted at any time when nobody works with the library.</summary>
    public static readonly EntryPath Index = PlaceMarker.Folder.Child("library.db"u8);

    /// <summary>Bytes on their way in. Whatever lies here when nobody holds the lock is garbage, but for uploads that a server may go on with.</summary>
    public static readonly EntryPath Incoming = PlaceMarker.Folder.Child("incoming"u8);

    /// <summary>True for what is Holdfast's own and no part of the collection.</summary>
    public static bool IsOurs(EntryPath path) => path.IsAtOrUnder(PlaceMarker.Folder) || path.Bytes.SequenceEqual("lost+found"u8);

    /// <summary>The permissions of a file in the library: the client's, but always readable and writable for its owner.</summary>
    public static int ModeOf(Entry entry) => (entry.Mode & 0x1ff) | 0x180;
}
