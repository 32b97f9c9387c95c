using System.Text.Json;
using System.Text.Json.Serialization;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Mirror.History;

namespace Holdfast.Mirror.Forgetting;

/// <summary>
/// <c>.holdfast/intents/forget.json</c>: neighbouring increments become one, which has the name and number of the newest. From
/// the moment this file is there, readers and the next run take the merged record as the truth.
/// </summary>
internal sealed record MergeIntent
{
    public const int CurrentForm = 1;

    public static readonly EntryPath File = MirrorLayout.Intents.Child("forget.json"u8);

    /// <summary>Beside it: the merged record and description, and the steps.</summary>
    public static readonly EntryPath Plan = MirrorLayout.Intents.Child("forget"u8);

    public int Form { get; init; } = CurrentForm;

    /// <summary>The ids of the increments, oldest first; the last one stays, the others are forgotten.</summary>
    public required IReadOnlyList<string> Members { get; init; }

    /// <summary>The one that holds the most: the others' contents move into its folder.</summary>
    public required string Base { get; init; }

    /// <summary>False while contents are moved; true when all are in the base's folder and only names are left to change.</summary>
    public bool Moved { get; init; }

    /// <summary>True when the one that stays has a folder deleted/.</summary>
    public bool HasDeleted { get; init; }

    /// <summary>The one that stays.</summary>
    [JsonIgnore]
    public string Survivor => Members[^1];

    public static MergeIntent? TryRead(IFolderReader place)
    {
        if (SmallFile.TryRead(place, File) is not { } bytes)
            return null;
        try
        {
            var read = JsonSerializer.Deserialize(bytes, MergeIntentJson.Default.MergeIntent)!;
            return read.Form <= CurrentForm && read.Members.Count > 1 && read.Members.Contains(read.Base)
                ? read
                : throw new HoldfastException(ErrorKind.Failed, $"'{place.Display}/{File}' was written by a newer Holdfast.", "Use that version.");
        }
        catch (JsonException e)
        {
            throw new HoldfastException(ErrorKind.Failed, $"'{place.Display}/{File}' is damaged: {e.Message}", "Put it back from a copy of the place.", e);
        }
    }

    public void Write(IFolder place) => SmallFile.Write(place, File, JsonSerializer.SerializeToUtf8Bytes(this, MergeIntentJson.Default.MergeIntent));

    /// <summary>The merged increment as it can be read at any moment of the merge.</summary>
    public Increment ToIncrement()
    {
        var final = MirrorLayout.IncrementFolder(Survivor);
        var work = MirrorLayout.MergingFolder(Base);
        if (Moved)
            return new Increment(Increment.NumberOf(Survivor), Survivor, [Plan, work, final], [work, final]);
        // Invariant: of all members that have a path, the newest has the contents that count, also while they are moved.
        var folders = Members.Reverse().SelectMany(id => new[] { MirrorLayout.MergingFolder(id), MirrorLayout.IncrementFolder(id) });
        return new Increment(Increment.NumberOf(Survivor), Survivor, [Plan], [.. folders]);
    }

    public bool Equals(MergeIntent? other) =>
        other is not null && Form == other.Form && Base == other.Base && Moved == other.Moved && HasDeleted == other.HasDeleted && Members.SequenceEqual(other.Members);

    public override int GetHashCode() => HashCode.Combine(Base, Moved, Members.Count);
}

/// <summary>Form of the intent in JSON.</summary>
[JsonSerializable(typeof(MergeIntent))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
internal sealed partial class MergeIntentJson : JsonSerializerContext;
