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

    /// <summary>What people marked the snapshot with, sorted; null when nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Tags { get; init; }

    public required SnapshotStatistics Statistics { get; init; }

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, IncrementJson.Default.IncrementDescription);

    /// <summary>Reads the description of an increment; null when it is missing or damaged.</summary>
    /// <param name="place">The place.</param>
    /// <param name="path">The file.</param>
    /// <param name="problem">What is wrong, a sentence; null when nothing is.</param>
    /// <exception cref="HoldfastException">A newer version wrote it.</exception>
    public static IncrementDescription? TryRead(IFolderReader place, EntryPath path, out string? problem)
    {
        var shown = $"{place.Display}/{path}";
        problem = null;
        try
        {
            if (SmallFile.TryRead(place, path) is not { } bytes)
            {
                problem = $"'{shown}' is missing.";
                return null;
            }
            var read = JsonSerializer.Deserialize(bytes, IncrementJson.Default.IncrementDescription) ?? throw new JsonException("It holds nothing.");
            return read.Form <= CurrentForm ? read : throw new HoldfastException(ErrorKind.Failed, $"'{shown}' was written by a newer Holdfast.", "Use that version.");
        }
        catch (Exception e) when (e is JsonException or FileSystemException)
        {
            problem = $"'{shown}' is damaged: {e.Message.TrimEnd('.')}.";
            return null;
        }
    }
}

/// <summary>Form of the description in JSON.</summary>
[JsonSerializable(typeof(IncrementDescription))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
internal sealed partial class IncrementJson : JsonSerializerContext;
