namespace Holdfast.Volumes.Run;

/// <summary>
/// Which unchanged entries are saved again. Every one that was saved last <c>split</c> or more runs ago, and at least
/// ceil(count / split) of all, those saved longest ago first; among equals, in path order. So nothing waits longer than
/// <c>split</c> runs, and no run has much more to do than another.
/// </summary>
/// <remarks>
/// Only what is there takes part: what is gone, kept out, too recent or unreadable is never counted as saved again, so it
/// cannot use up the share. Asked twice for every entry, in the same order: <see cref="Count"/>, then <see cref="Takes"/>.
/// </remarks>
/// <param name="split">At least 1.</param>
/// <param name="run">The number of this run.</param>
internal sealed class CyclicShare(int split, long run)
{
    private readonly SortedDictionary<long, long> _savedIn = [];
    private long _live, _left = -1;
    private long _lastTaken;

    /// <summary>A live entry that is saved in this run because it is new or changed: it counts for the share.</summary>
    public void CountChanged() => _live++;

    /// <summary>A live entry that is unchanged and was saved last in a run.</summary>
    public void Count(long savedInRun)
    {
        _live++;
        _savedIn[savedInRun] = _savedIn.GetValueOrDefault(savedInRun) + 1;
    }

    /// <summary>How many are at least saved again: ceil(count / split).</summary>
    public long Least => (_live + split - 1) / split;

    /// <summary>True when the entry's turn has come.</summary>
    public bool Takes(long savedInRun)
    {
        if (_left < 0)
            Decide();
        if (savedInRun < _lastTaken || run - savedInRun >= split)
            return true;
        if (savedInRun > _lastTaken || _left == 0)
            return false;
        _left--;
        return true;
    }

    private void Decide()
    {
        _left = Least;
        foreach (var (saved, count) in _savedIn)
        {
            _lastTaken = saved;
            if (count >= _left)
                return;
            _left -= count;
        }
        // Fewer unchanged ones than the share: all are taken.
        _lastTaken = long.MaxValue;
    }
}
