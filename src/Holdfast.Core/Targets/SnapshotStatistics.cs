using System.Text.Json.Serialization;

namespace Holdfast.Core.Targets;

/// <summary>What one snapshot added to those before it.</summary>
public sealed record SnapshotStatistics
{
    /// <summary>Entries in the snapshot.</summary>
    public long Entries { get; init; }

    /// <summary>Bytes of all files in the snapshot.</summary>
    public long Bytes { get; init; }

    /// <summary>Paths that were not there before.</summary>
    public long New { get; init; }

    /// <summary>Paths with other contents.</summary>
    public long Changed { get; init; }

    /// <summary>Paths with other metadata only.</summary>
    public long Metadata { get; init; }

    /// <summary>Paths whose contents lay elsewhere before.</summary>
    public long Moved { get; init; }

    /// <summary>Paths that went away.</summary>
    public long Deleted { get; init; }

    /// <summary>Paths that had not changed and were saved again in turn.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] // A word of cyclic targets alone.
    public long Again { get; init; }

    /// <summary>Bytes of the files that were sent.</summary>
    public long BytesAdded { get; init; }
}
