using System.Text.Json;
using System.Text.Json.Serialization;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Mirror.History;

namespace Holdfast.Mirror.Forgetting;

/// <summary>
/// <c>.holdfast/intents/forget-paths.json</c>: single files go out of the history. From the moment this file is there, readers
/// and the next run take the new records, which lie beside it, as the truth.
/// </summary>
internal sealed record PathIntent
{
    public const int CurrentForm = 1;

    public static readonly EntryPath File = MirrorLayout.Intents.Child("forget-paths.json"u8);

    /// <summary>Beside it: a folder an increment with its new record, and the files to remove.</summary>
    public static readonly EntryPath Plan = MirrorLayout.Intents.Child("forget-paths"u8);

    public int Form { get; init; } = CurrentForm;

    /// <summary>The ids of the increments whose records change.</summary>
    public required IReadOnlyList<string> Increments { get; init; }

    public static PathIntent? TryRead(IFolderReader place)
    {
        if (SmallFile.TryRead(place, File) is not { } bytes)
            return null;
        try
        {
            var read = JsonSerializer.Deserialize(bytes, PathIntentJson.Default.PathIntent)!;
            return read.Form <= CurrentForm
                ? read
                : throw new HoldfastException(ErrorKind.Failed, $"'{place.Display}/{File}' was written by a newer Holdfast.", "Use that version.");
        }
        catch (JsonException e)
        {
            throw new HoldfastException(ErrorKind.Failed, $"'{place.Display}/{File}' is damaged: {e.Message}", "Put it back from a copy of the place.", e);
        }
    }

    public void Write(IFolder place) => SmallFile.Write(place, File, JsonSerializer.SerializeToUtf8Bytes(this, PathIntentJson.Default.PathIntent));

    /// <summary>Where the new record of an increment lies until it has its name.</summary>
    public static EntryPath PlanOf(string id) => Plan.Child(System.Text.Encoding.ASCII.GetBytes(id));

    /// <summary>An increment as it can be read at any moment.</summary>
    public Increment Apply(Increment increment) =>
        Increments.Contains(increment.Id) ? increment with { RecordFolders = [PlanOf(increment.Id), .. increment.RecordFolders] } : increment;

    public bool Equals(PathIntent? other) => other is not null && Form == other.Form && Increments.SequenceEqual(other.Increments);

    public override int GetHashCode() => Increments.Count;
}

/// <summary>Form of the intent in JSON.</summary>
[JsonSerializable(typeof(PathIntent))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
internal sealed partial class PathIntentJson : JsonSerializerContext;
