using System.Text.Json;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;

namespace Holdfast.Core.Targets;

/// <summary>What makes a folder a place (promise 8): <c>.holdfast/place.json</c>.</summary>
public sealed record PlaceMarker
{
    /// <summary>The newest form this version reads and the one it writes.</summary>
    public const int CurrentForm = 1;

    /// <summary>Where Holdfast keeps what it knows about a place.</summary>
    public static EntryPath Folder { get; } = EntryPath.From(".holdfast");

    /// <summary>Where the marker lies.</summary>
    public static EntryPath FilePath { get; } = Folder.Child("place.json"u8);

    /// <summary>Form of the file.</summary>
    public int Form { get; init; } = CurrentForm;

    /// <summary>The place's id: 32 hexadecimal digits, random.</summary>
    public required string Id { get; init; }

    /// <summary>How copies are laid out: "mirror".</summary>
    public required string Layout { get; init; }

    /// <summary>The client whose source is copied here.</summary>
    public required string Client { get; init; }

    /// <summary>The job that made the place.</summary>
    public required string Job { get; init; }

    /// <summary>The source's folders on that client.</summary>
    public required IReadOnlyList<string> Sources { get; init; }

    /// <summary>When the place was made.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>What the place's file system was found not to have, in the words of the layout; null when nothing is missing.</summary>
    public IReadOnlyList<string>? Lacks { get; init; }

    /// <summary>A new random id.</summary>
    public static string NewId() => Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(16));

    /// <summary>Reads the marker of a folder; null when it is no place.</summary>
    /// <exception cref="HoldfastException">There is a marker, but it cannot be understood.</exception>
    public static PlaceMarker? TryRead(IFolderReader place) =>
        SmallFile.TryRead(place, FilePath) is { } bytes ? Read(bytes, place.Display) : null;

    /// <summary>Reads a marker that does not lie in a folder.</summary>
    /// <param name="bytes">The marker.</param>
    /// <param name="place">How messages call the place.</param>
    /// <exception cref="HoldfastException">It cannot be understood.</exception>
    public static PlaceMarker Read(ReadOnlyMemory<byte> bytes, string place)
    {
        PlaceMarker marker;
        try
        {
            marker = PlaceMarkerJson.Read(bytes);
        }
        catch (JsonException e)
        {
            throw new HoldfastException(ErrorKind.NoPlace, $"the marker '{place}/{FilePath}' is damaged: {e.Message}", "Put it back from a copy of the place; nothing was changed.", e);
        }
        return marker.Form > CurrentForm
            ? throw new HoldfastException(ErrorKind.NoPlace, $"'{place}' was made by a newer Holdfast (form {marker.Form}, this version reads {CurrentForm}).", "Use that version.")
            : marker;
    }

    /// <summary>The marker as it lies in a place.</summary>
    public byte[] ToBytes() => PlaceMarkerJson.Write(this);

    /// <summary>Makes the folder a place, or changes what its marker says.</summary>
    public void Write(IFolder place)
    {
        FolderTree.Ensure(place, Folder, 0x1ed);
        SmallFile.Write(place, FilePath, ToBytes());
        place.SyncFolder(EntryPath.Root);
    }
}
