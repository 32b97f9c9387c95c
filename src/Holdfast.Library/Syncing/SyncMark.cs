using System.Security.Cryptography;
using System.Text;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;

namespace Holdfast.Library.Syncing;

/// <summary>
/// Both sides of a sync carry the mark of the last run that made them the same. A side that was set back to an older state
/// carries an older mark, so that what it lacks is not taken for deleted.
/// </summary>
internal static class SyncMark
{
    private const int Digits = 32;

    private static readonly EntryPath Marks = PlaceMarker.Folder.Child("syncs"u8);

    public static string New() => PlaceMarker.NewId();

    /// <summary>The name of a client's folder. A folder that was copied to another client with its id is another one.</summary>
    public static string NameOf(string client, string folderId) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{client}\0{folderId}")).AsSpan(0, Digits / 2));

    /// <summary>True for the name of a folder, and for a mark: 32 hexadecimal digits.</summary>
    public static bool IsName(string? text) => text is { Length: Digits } && text.All(char.IsAsciiHexDigitLower);

    public static string? Read(IFolderReader place, string folder) =>
        SmallFile.TryRead(place, Marks.Child(Encoding.ASCII.GetBytes(folder))) is { } bytes ? Encoding.ASCII.GetString(bytes).Trim() : null;

    public static void Write(IFolder place, string folder, string mark)
    {
        FolderTree.Ensure(place, Marks, LibraryLayout.FolderMode);
        SmallFile.Write(place, Marks.Child(Encoding.ASCII.GetBytes(folder)), Encoding.ASCII.GetBytes(mark + "\n"));
    }
}
