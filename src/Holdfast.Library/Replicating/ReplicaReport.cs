using Holdfast.Core.Model;

namespace Holdfast.Library.Replicating;

/// <summary>What was done to make a copy of a library exact.</summary>
public sealed record ReplicaReport
{
    /// <summary>Files of the source.</summary>
    public long Files { get; init; }

    /// <summary>Files that the copy lacked.</summary>
    public long Added { get; init; }

    /// <summary>Files that had other contents in the copy.</summary>
    public long Replaced { get; init; }

    /// <summary>Files that the source no longer has.</summary>
    public long Removed { get; init; }

    /// <summary>Bytes that were copied.</summary>
    public long BytesCopied { get; init; }

    /// <summary>Files that could not be copied, with the reason; what the copy has of them stays.</summary>
    public IReadOnlyList<(EntryPath Path, string Reason)> Failures { get; init; } = [];

    /// <summary>How long all of it took.</summary>
    public TimeSpan Duration { get; init; }
}
