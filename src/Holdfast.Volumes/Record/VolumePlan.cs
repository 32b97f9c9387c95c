using System.Text.Json;
using System.Text.Json.Serialization;
using Holdfast.Core.Model;

namespace Holdfast.Volumes.Record;

/// <summary>The first member of a volume, <c>.holdfast/plan.json</c>: what the volume is meant to be.</summary>
internal sealed record VolumePlan
{
    public const int CurrentForm = 1;
    public static EntryPath Path { get; } = EntryPath.From(".holdfast/plan.json");

    [JsonPropertyOrder(-1)]
    public int Form { get; init; } = CurrentForm;

    /// <summary>Id of the place.</summary>
    public required string Place { get; init; }

    /// <summary>Number of the volume.</summary>
    public required long Volume { get; init; }

    /// <summary>Number of the run that made it; a run may make several volumes.</summary>
    public required long Run { get; init; }

    /// <summary>The volume before it, or null.</summary>
    public long? Parent { get; init; }

    /// <summary>When the run began.</summary>
    public required DateTimeOffset Time { get; init; }

    public required string Client { get; init; }

    public required string Job { get; init; }

    public required IReadOnlyList<string> Sources { get; init; }

    /// <summary>Every file is saved again after this many runs.</summary>
    public required int Split { get; init; }

    /// <summary>Paths that the run found gone, percent-encoded.</summary>
    public IReadOnlyList<string> Gone { get; init; } = [];

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, VolumeJson.Default.VolumePlan);

    /// <exception cref="InvalidDataException">It is no plan, or one of a newer form.</exception>
    public static VolumePlan Parse(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var plan = JsonSerializer.Deserialize(bytes, VolumeJson.Default.VolumePlan)!;
            return plan.Form <= CurrentForm ? plan : throw new InvalidDataException($"the volume was made by a newer Holdfast (form {plan.Form}, this version reads {CurrentForm})");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"the plan of the volume is damaged: {e.Message}", e);
        }
    }
}

[JsonSerializable(typeof(VolumePlan))]
[JsonSerializable(typeof(VolumeEnd))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
internal sealed partial class VolumeJson : JsonSerializerContext;
