namespace Holdfast.Testing.PowerLoss;

/// <summary>
/// Says what a disk may hold when the power goes in the middle of a log. Everything before the last barrier is durable; a
/// file's sync makes its bytes and metadata durable, a folder's sync its names and metadata; the rest is up to the policy.
/// An operation that builds on one that was lost is lost too, unless a sync made it durable.
/// </summary>
public sealed class PowerLossReplayer
{
    private readonly DiskImage _start;
    private readonly OperationLog _log;
    private readonly IReadOnlyList<Operation> _operations;
    private readonly SortedList<int, DiskImage> _atBarrier = [];

    public PowerLossReplayer(OperationLog log)
    {
        _log = log;
        _start = log.Start;
        _operations = log.Operations;
        KeepBarriers();
    }

    /// <summary>How many operations there are; a cut is 0 to this.</summary>
    public int Count => _operations.Count;

    /// <summary>What the disk holds when the power goes after <paramref name="cut"/> operations.</summary>
    public DiskImage After(int cut, PowerLossPolicy policy)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(cut, Count);
        var (first, image) = LastBarrier(cut);
        var forced = MadeDurable(first, cut);
        var decide = policy.Begin(first, cut);
        for (var i = first; i < cut; i++)
        {
            var fate = decide(i, _operations[i]);
            image.Apply(_operations[i], forced[i - first] ? Fate.Kept : fate, forced[i - first]);
        }
        return image;
    }

    /// <summary>
    /// Every cut under every certain policy, a prefix and some random ones. What two cases leave behind alike, with the same
    /// promises, comes once.
    /// </summary>
    /// <param name="seed">Of the random policies.</param>
    /// <param name="randomPerCut">How many random policies a cut.</param>
    /// <param name="every">Take only every n-th cut, and the last.</param>
    public IEnumerable<PowerLossCase> Cases(int seed, int randomPerCut = 2, int every = 1)
    {
        var seen = new HashSet<(string, int)>();
        for (var cut = 0; cut <= Count; cut++)
        {
            if (cut % every != 0 && cut != Count)
                continue;
            var promises = _log.MarksBefore(cut);
            var random = Enumerable.Range(0, randomPerCut).Select(i => PowerLossPolicy.Random(unchecked(seed + i)));
            foreach (var policy in PowerLossPolicy.Certain.Append(PowerLossPolicy.Prefix(seed)).Concat(random))
            {
                var image = After(cut, policy);
                if (seen.Add((image.Fingerprint(), promises.Count)))
                    yield return new PowerLossCase(cut, policy, image, promises, cut == 0 ? null : _operations[cut - 1]);
            }
        }
    }

    private void KeepBarriers()
    {
        var image = _start.Fork();
        for (var i = 0; i < _operations.Count; i++)
        {
            image.Apply(_operations[i], Fate.Kept, forced: true);
            if (_operations[i] is not Operation.Barrier)
                continue;
            _atBarrier.Add(i, image);
            image = image.Fork();
        }
    }

    private (int First, DiskImage Image) LastBarrier(int cut)
    {
        for (var i = _atBarrier.Count - 1; i >= 0; i--)
            if (_atBarrier.Keys[i] < cut)
                return (_atBarrier.Keys[i] + 1, _atBarrier.Values[i].Fork());
        return (0, _start.Fork());
    }

    private bool[] MadeDurable(int first, int cut)
    {
        var forced = new bool[cut - first];
        HashSet<int> files = [], folders = [];
        for (var i = cut - 1; i >= first; i--)
            switch (_operations[i])
            {
                case Operation.SyncFile sync:
                    files.Add(sync.Node);
                    break;
                case Operation.SyncFolder sync:
                    folders.Add(sync.Node);
                    break;
                case Operation.Rename rename:
                    forced[i - first] = folders.Contains(rename.Folder) || folders.Contains(rename.FromFolder);
                    break;
                case Operation.OfNames names:
                    forced[i - first] = folders.Contains(names.Folder);
                    break;
                case Operation.OfData data:
                    forced[i - first] = files.Contains(data.Node);
                    break;
                case Operation.Change change:
                    forced[i - first] = files.Contains(change.Node) || folders.Contains(change.Node);
                    break;
            }
        return forced;
    }
}
