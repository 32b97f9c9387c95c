using Holdfast.Core.Model;

namespace Holdfast.Core.Targets;

/// <summary>The past of one path.</summary>
/// <param name="Path">The path.</param>
/// <param name="Versions">What it was, oldest first; between two versions it may have been away. Never empty.</param>
public sealed record PathVersions(EntryPath Path, IReadOnlyList<PathVersion> Versions)
{
    /// <summary>What a snapshot lists under the path, or null.</summary>
    public PathVersion? ListedBy(Snapshot snapshot, Snapshot newest)
    {
        foreach (var version in Versions)
            if (version.IsListedBy(snapshot, newest))
                return version;
        return null;
    }
}
