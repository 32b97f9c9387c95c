using Holdfast.Core.Model;

namespace Holdfast.Core.Targets;

/// <summary>Decides about the bytes of a path, without a copy of them. The source itself is the empty path.</summary>
public delegate bool PathFilter(ReadOnlySpan<byte> path);

/// <summary>The paths whose past is asked for. It is decided by path alone, so that a path's past is whole or left out.</summary>
public sealed record HistoryQuery
{
    /// <summary>Paths, each with all below it; empty for everything.</summary>
    public IReadOnlyList<EntryPath> Under { get; init; } = [];

    /// <summary>Only the paths it accepts; null for all.</summary>
    public PathFilter? Paths { get; init; }

    /// <summary>True when every path is asked for.</summary>
    public bool IsEverything => Under.Count == 0 && Paths is null;

    /// <summary>True when the path is asked for.</summary>
    public bool Includes(ReadOnlySpan<byte> path) => IsUnder(path) && (Paths is null || Paths(path));

    private bool IsUnder(ReadOnlySpan<byte> path)
    {
        if (Under.Count == 0)
            return true;
        foreach (var folder in Under)
            if (folder.IsRoot || (path.StartsWith(folder.Bytes) && (path.Length == folder.Length || path[folder.Length] == (byte)'/')))
                return true;
        return false;
    }
}
