using Holdfast.Core.Model;
using Holdfast.Mirror.History;

namespace Holdfast.Mirror.Verifying;

/// <summary>Builds ranges out of paths that are told in path order. A content between two that was not read back ends a range.</summary>
internal sealed class VerifiedRanges
{
    private readonly Dictionary<long, (EntryPath From, EntryPath To, DateTimeOffset At)> _open = [];
    private readonly List<(long Increment, EntryPath From, EntryPath To, DateTimeOffset At)> _done = [];

    /// <summary>A content was read back and right.</summary>
    public void Add(long increment, EntryPath path, DateTimeOffset at)
    {
        if (_open.TryGetValue(increment, out var open) && open.At == at)
        {
            _open[increment] = open with { To = path };
            return;
        }
        Break(increment);
        _open[increment] = (path, path, at);
    }

    /// <summary>One was not.</summary>
    public void Break(long increment)
    {
        if (_open.Remove(increment, out var open))
            _done.Add((increment, open.From, open.To, open.At));
    }

    /// <summary>What follows is told from the first path on again.</summary>
    public void BreakAll()
    {
        foreach (var increment in _open.Keys.ToList())
            Break(increment);
    }

    /// <summary>What is known by now; what follows begins new ranges.</summary>
    public IReadOnlyList<VerifiedRange> Take(IReadOnlyDictionary<long, Increment> increments, Func<Increment, string> sumOf)
    {
        BreakAll();
        var taken = _done.ConvertAll(d => new VerifiedRange(increments[d.Increment].Id, sumOf(increments[d.Increment]), d.From, d.To, d.At));
        _done.Clear();
        return taken;
    }
}
