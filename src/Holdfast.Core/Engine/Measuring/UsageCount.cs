using Holdfast.Core.Model;
using Holdfast.Core.Targets;

namespace Holdfast.Core.Engine.Measuring;

/// <summary>Counts what snapshots list and what the place keeps, in one pass. Memory grows with the number of contents: 50 bytes each.</summary>
public sealed class UsageCount
{
    private readonly ISnapshots _snapshots;
    private readonly Dictionary<long, int> _index;

    // Changes from one snapshot to the next; their running sums are what each lists.
    private readonly long[] _entries, _bytes, _filesAdded, _bytesAdded;
    private readonly Dictionary<ContentId, long> _kept = [];
    private readonly Dictionary<ContentId, (long Size, int Snapshot)> _shared = [];

    private UsageCount(ISnapshots snapshots)
    {
        _snapshots = snapshots;
        var count = snapshots.Snapshots.Count;
        _index = snapshots.Snapshots.Select((s, i) => (s.Number, i)).ToDictionary(p => p.Number, p => p.i);
        (_entries, _bytes, _filesAdded, _bytesAdded) = (new long[count + 1], new long[count + 1], new long[count], new long[count]);
    }

    /// <summary>Counts a place.</summary>
    public static PlaceUsage Of(ISnapshots snapshots, CancellationToken cancellationToken)
    {
        var count = new UsageCount(snapshots);
        foreach (var path in ListedHistory.Of(snapshots).Histories(new HistoryQuery(), cancellationToken))
            foreach (var version in path.Versions)
                count.Add(version);
        return count.Result();
    }

    private void Add(PathVersion version)
    {
        var entry = version.Entry.Entry;
        if (!entry.Tracked && version.Until is not null)
            return; // Replaced or gone, and no snapshot lists it.
        // Only the newest snapshot lists what is kept without history.
        List(entry, entry.Tracked ? _index[version.From.Number] : _snapshots.Snapshots.Count - 1, version.Until is { } until ? _index[until.Number] : _snapshots.Snapshots.Count);
        if (entry is { Type: EntryType.File, Content: { } content })
            Keep(version, entry, content);
    }

    private void List(Entry entry, int from, int until)
    {
        _entries[from]++;
        _entries[until]--;
        _bytes[from] += entry.Size;
        _bytes[until] -= entry.Size;
    }

    private void Keep(PathVersion version, Entry entry, ContentId content)
    {
        var snapshot = _index[version.From.Number];
        var isFurtherName = entry.LinkedWith is { } first && first != entry.Path;
        if (version.Kind is ChangeKind.New or ChangeKind.Changed && !isFurtherName)
            Store(content, entry.Size, snapshot);
        else if (!_shared.TryGetValue(content, out var earliest) || earliest.Snapshot > snapshot)
            _shared[content] = (entry.Size, snapshot);
    }

    private void Store(ContentId content, long size, int snapshot)
    {
        _kept[content] = size;
        _filesAdded[snapshot]++;
        _bytesAdded[snapshot] += size;
    }

    private PlaceUsage Result()
    {
        // A moved file or a further name shares what another path brought. Where that was forgotten, it is counted here.
        foreach (var (content, (size, snapshot)) in _shared)
            if (!_kept.ContainsKey(content))
                Store(content, size, snapshot);

        var usages = new List<SnapshotUsage>(_snapshots.Snapshots.Count);
        long entries = 0, bytes = 0;
        for (var i = 0; i < _snapshots.Snapshots.Count; i++)
            usages.Add(new SnapshotUsage(_snapshots.Snapshots[i], entries += _entries[i], bytes += _bytes[i], _filesAdded[i], _bytesAdded[i]));
        return new PlaceUsage(usages, _bytesAdded.Sum(), _filesAdded.Sum(), _kept.Values.Sum());
    }
}
