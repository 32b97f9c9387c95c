using Holdfast.Core.Model;

namespace Holdfast.Core.Targets;

/// <summary>
/// Snapshots that can give every path's past in one pass, instead of a listing a snapshot. What lacks it is read through
/// <see cref="ListedHistory"/>.
/// </summary>
public interface IHistory
{
    /// <summary>The past of every path that is asked for, in path order; a path that no record names is left out.</summary>
    IEnumerable<PathVersions> Histories(HistoryQuery query, CancellationToken cancellationToken);

    /// <summary>True when the bytes of a file lie in the place, by name, type and size; nothing is read.</summary>
    bool Holds(SnapshotEntry entry);
}
