using Holdfast.Core.Model;

namespace Holdfast.Core.Sources.Rules;

/// <summary>A set of paths, each standing for itself and everything below it.</summary>
public sealed class PathSet
{
    private readonly EntryPath[] _sorted;

    /// <summary>Takes paths in any order.</summary>
    public PathSet(IEnumerable<EntryPath> paths)
    {
        var sorted = paths.ToArray();
        Array.Sort(sorted);
        // What lies below another member says nothing of its own.
        var kept = new List<EntryPath>(sorted.Length);
        foreach (var path in sorted)
            if (kept.Count == 0 || !path.IsAtOrUnder(kept[^1]))
                kept.Add(path);
        _sorted = [.. kept];
    }

    /// <summary>True when the path is in the set or below one that is.</summary>
    public bool Contains(EntryPath path)
    {
        var at = LastNotAfter(path);
        return at >= 0 && path.IsAtOrUnder(_sorted[at]);
    }

    /// <summary>True when something below the folder is in the set.</summary>
    public bool HasBelow(EntryPath folder)
    {
        var next = LastNotAfter(folder) + 1;
        return next < _sorted.Length && _sorted[next].IsUnder(folder);
    }

    private int LastNotAfter(EntryPath path)
    {
        var at = Array.BinarySearch(_sorted, path);
        return at >= 0 ? at : ~at - 1;
    }
}
