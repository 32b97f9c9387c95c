using Holdfast.Core.Model;

namespace Holdfast.Library;

/// <summary>A name that a client brings, with its bytes where the library lacks them.</summary>
public sealed record Arrival
{
    /// <summary>Who brings it.</summary>
    public required string Client { get; init; }

    /// <summary>In which job.</summary>
    public required string Job { get; init; }

    /// <summary>The path as the client has it, with its metadata; a file carries its content id.</summary>
    public required Entry Entry { get; init; }

    /// <summary>The bytes; null when the library said that it holds them, and for everything but files.</summary>
    public IStagedContent? Staged { get; init; }

    /// <summary>Where the file is to lie in the library; null for the client's own path.</summary>
    public EntryPath? Wanted { get; init; }

    /// <summary>True to refuse a path that has other contents; otherwise the file gets a further name: <c>a (2).jpg</c>.</summary>
    public bool RefuseConflict { get; init; }

    /// <summary>True when only hints (inode, ctime) are new: nothing is recorded.</summary>
    public bool IsRefresh { get; init; }
}

/// <summary>What became of an arrival.</summary>
/// <param name="Outcome">What.</param>
/// <param name="Path">Where the content lies; null when it does not.</param>
public sealed record Kept(KeptOutcome Outcome, EntryPath? Path);

/// <summary>What became of an arrival.</summary>
public enum KeptOutcome
{
    /// <summary>The bytes are new and lie in the library now.</summary>
    Stored,

    /// <summary>The bytes were there; the name is recorded.</summary>
    AlreadyThere,

    /// <summary>No file: the name is recorded.</summary>
    Noted,

    /// <summary>The content was deleted for good; nothing was kept.</summary>
    DeletedForGood,

    /// <summary>The library does not hold the bytes, and none were sent; nothing was kept.</summary>
    Missing,

    /// <summary>The path has other contents; nothing was kept.</summary>
    Conflict,
}
