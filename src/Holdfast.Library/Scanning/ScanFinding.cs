using Holdfast.Core.Model;

namespace Holdfast.Library.Scanning;

/// <summary>Something a scan found.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Path">To which path.</param>
/// <param name="Other">For a rename, where it was; for a duplicate, the other file; for a removal, where a copy still lies.</param>
public sealed record ScanFinding(ScanFindingKind Kind, EntryPath Path, EntryPath? Other = null);

/// <summary>What a scan can find.</summary>
public enum ScanFindingKind
{
    /// <summary>A file that nobody uploaded.</summary>
    New,

    /// <summary>A file with other contents than before.</summary>
    Changed,

    /// <summary>A file under another path than before.</summary>
    Renamed,

    /// <summary>A file that is gone.</summary>
    Removed,

    /// <summary>A file with the contents of another one.</summary>
    Duplicate,

    /// <summary>A file that somebody is still writing to; the next scan looks at it.</summary>
    Busy,
}
