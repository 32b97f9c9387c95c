using Holdfast.Core.Model;

namespace Holdfast.Core.Sources;

/// <summary>One thing a scan saw, in path order.</summary>
public abstract record ScanItem(EntryPath Path);

/// <summary>An entry to back up.</summary>
public sealed record FoundEntry(Entry Entry) : ScanItem(Entry.Path);

/// <summary>
/// A path of which nothing is known now, and (promise 5) nothing is removed. With <paramref name="WithSubtree"/> the same
/// holds for everything below it.
/// </summary>
public sealed record UnknownPath(EntryPath Path, bool WithSubtree, string Reason, bool IsFailure) : ScanItem(Path)
{
    /// <summary>True when permissions keep it from being read.</summary>
    public bool IsDenied { get; init; }
}

/// <summary>
/// A folder that is not entered because another file system is mounted on it. What it holds itself cannot be seen; what a
/// target once copied out of such a mount is excluded now. Comes before the folder itself.
/// </summary>
public sealed record HiddenBelow(EntryPath Path) : ScanItem(Path);
