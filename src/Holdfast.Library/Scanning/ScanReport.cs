using Holdfast.Core.Model;

namespace Holdfast.Library.Scanning;

/// <summary>What a scan found.</summary>
public sealed record ScanReport
{
    /// <summary>Files in the library.</summary>
    public long Files { get; init; }

    /// <summary>Their bytes.</summary>
    public long Bytes { get; init; }

    /// <summary>Files that nobody uploaded.</summary>
    public long New { get; init; }

    /// <summary>Files with other contents than before.</summary>
    public long Changed { get; init; }

    /// <summary>Files under another path than before.</summary>
    public long Renamed { get; init; }

    /// <summary>Files that are gone.</summary>
    public long Removed { get; init; }

    /// <summary>Of the new ones, those with contents that another file has.</summary>
    public long Duplicates { get; init; }

    /// <summary>Files that somebody is still writing to.</summary>
    public long Busy { get; init; }

    /// <summary>Contents that are remembered as deleted from now on.</summary>
    public long DeletedForGood { get; init; }

    /// <summary>Files and folders that could not be read, with the reason. What is known of them stays as it is.</summary>
    public IReadOnlyList<(EntryPath Path, string Reason)> Unreadable { get; init; } = [];

    /// <summary>Bytes that had to be read.</summary>
    public long BytesHashed { get; init; }

    /// <summary>How long all of it took.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>How much of that went into reading files.</summary>
    public TimeSpan HashDuration { get; init; }
}
