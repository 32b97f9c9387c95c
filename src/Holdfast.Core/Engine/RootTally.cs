using Holdfast.Core.Model;

namespace Holdfast.Core.Engine;

/// <summary>In which of a source's folders something was found. An empty one among several is as suspicious as an empty source.</summary>
internal sealed class RootTally(IReadOnlyList<EntryPath> roots)
{
    private readonly bool[] _has = new bool[roots.Count];

    public void Note(EntryPath path)
    {
        for (var i = 0; i < _has.Length; i++)
            if (!_has[i] && path.IsAtOrUnder(roots[i]))
                _has[i] = true;
    }

    /// <summary>True for one of the source's folders itself.</summary>
    public bool IsRoot(EntryPath path) => roots.Contains(path);

    /// <summary>The first folder that has something here and nothing there.</summary>
    public EntryPath? FirstMissingIn(RootTally other)
    {
        for (var i = 0; i < _has.Length; i++)
            if (_has[i] && !other._has[i])
                return roots[i];
        return null;
    }
}
