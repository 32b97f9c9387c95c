using System.Text.Json;
using System.Text.Json.Serialization;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;

namespace Holdfast.Mirror.Record;

/// <summary><c>increment.json</c>: what an increment is.</summary>
internal sealed record IncrementDescription
{
    public const int CurrentForm = 1;

    public int Form { get; init; } = CurrentForm;

    public required long Number { get; init; }

    /// <summary>The number of the increment before, or null for the first. Order follows from here, not from the times.</summary>
    public long? Parent { get; init; }

    public required DateTimeOffset Time { get; init; }

    public required string Client { get; init; }

    public required string Job { get; init; }

    public required SnapshotStatistics Statistics { get; init; }

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, IncrementJson.Default.IncrementDescription);

    /// <exception cref="HoldfastException">It is missing or damaged.</exception>
    public static IncrementDescription Read(IFolderReader place, EntryPath increment)
    {
        var path = increment.Child(MirrorLayout.Description.Bytes);
        var shown = $"{place.Display}/{path}";
        var bytes = SmallFile.TryRead(place, path) ?? throw new HoldfastException(ErrorKind.Failed, $"'{shown}' is missing.", "Run 'holdfast check' on the place.");
        try
        {
            var read = JsonSerializer.Deserialize(bytes, IncrementJson.Default.IncrementDescription)!;
            return read.Form <= CurrentForm ? read : throw new HoldfastException(ErrorKind.Failed, $"'{shown}' was written by a newer Holdfast.", "Use that version.");
        }
        catch (JsonException e)
        {
            throw new HoldfastException(ErrorKind.Failed, $"'{shown}' is damaged: {e.Message}", "Run 'holdfast check' on the place.", e);
        }
    }
}

/// <summary>Form of the description in JSON.</summary>
[JsonSerializable(typeof(IncrementDescription))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
internal sealed partial class IncrementJson : JsonSerializerContext;
