using Holdfast.Core.Model;

namespace Holdfast.Core.Engine.Restoring;

/// <summary>Which entries of a snapshot are restored. Asked in path order.</summary>
internal sealed class Selection
{
    private readonly EntryPath[] _paths;
    private readonly RestoreOptions _options;
    private int _next;
    private EntryPath? _excluded, _included;

    public Selection(RestoreOptions options)
    {
        _options = options;
        var kept = new List<EntryPath>();
        foreach (var path in options.Paths.Order())
            if (kept.Count == 0 || !path.IsAtOrUnder(kept[^1]))
                kept.Add(path);
        _paths = [.. kept];
    }

    /// <summary>The deepest path that holds everything selected.</summary>
    public EntryPath Common
    {
        get
        {
            if (_paths.Length == 0)
                return EntryPath.Root;
            var common = _paths[0];
            while (!_paths[^1].IsAtOrUnder(common))
                common = common.Parent;
            return common;
        }
    }

    /// <summary>The first path among <paramref name="entries"/>' missing ones, or null when all are there.</summary>
    public EntryPath? Missing(IEnumerable<EntryPath> entries)
    {
        var found = 0;
        if (_paths.Length == 0)
            return null;
        foreach (var path in entries)
        {
            var order = path.CompareTo(_paths[found]);
            if (order > 0)
                return _paths[found];
            if (order == 0 && ++found == _paths.Length)
                return null;
        }
        return _paths[found];
    }

    public bool Selects(EntryPath path, bool isFolder)
    {
        if (!IsUnderPaths(path) || (_excluded is { } excluded && path.IsUnder(excluded)))
            return false;
        if (IsExcluded(path, isFolder))
        {
            if (isFolder)
                _excluded = path;
            return false;
        }
        if (_options.Include is null || (_included is { } included && path.IsUnder(included)))
            return true;
        if (!_options.Include(path, isFolder))
            return false;
        if (isFolder)
            _included = path;
        return true;
    }

    public bool IsExcluded(EntryPath path, bool isFolder) => _options.Exclude?.Invoke(path, isFolder) == true;

    private bool IsUnderPaths(EntryPath path)
    {
        if (_paths.Length == 0)
            return true;
        while (_next < _paths.Length && path.CompareTo(_paths[_next]) > 0 && !path.IsUnder(_paths[_next]))
            _next++;
        return _next < _paths.Length && path.IsAtOrUnder(_paths[_next]);
    }
}
