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

/// <summary>The last member of a volume, <c>.holdfast/volume-end.json</c>: what became of the plan. Without it the volume is incomplete.</summary>
internal sealed record VolumeEnd
{
    public static EntryPath Path { get; } = EntryPath.From(".holdfast/volume-end.json");

    public required long Volume { get; init; }

    public required long Run { get; init; }

    /// <summary>True for the last volume of the run, whose index lists everything; the others' list what they hold themselves.</summary>
    public required bool IsLast { get; init; }

    /// <summary>Members before this one.</summary>
    public required long Members { get; init; }

    /// <summary>What the run added, when this is its last volume.</summary>
    public Core.Targets.SnapshotStatistics? Statistics { get; init; }

    /// <summary>What could not be saved.</summary>
    public IReadOnlyList<VolumeFailure> Failures { get; init; } = [];

    /// <summary>Members of this volume that hold no whole file: it could not be read to its end.</summary>
    public IReadOnlyList<string> Torn { get; init; } = [];

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, VolumeJson.Default.VolumeEnd);

    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static VolumeEnd Parse(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return JsonSerializer.Deserialize(bytes, VolumeJson.Default.VolumeEnd)!;
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"the end of the volume is damaged: {e.Message}", e);
        }
    }
}

/// <summary>A path that could not be saved, percent-encoded, and why.</summary>
internal sealed record VolumeFailure(string Path, string Reason);

[JsonSerializable(typeof(VolumePlan))]
[JsonSerializable(typeof(VolumeEnd))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
internal sealed partial class VolumeJson : JsonSerializerContext;
