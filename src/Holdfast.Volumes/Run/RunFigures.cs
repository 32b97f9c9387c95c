using System.Globalization;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;
using Holdfast.Volumes.Database;

namespace Holdfast.Volumes.Run;

/// <summary>What a run counts.</summary>
internal sealed class RunFigures
{
    private long _incremental, _incrementalBytes, _cyclic, _cyclicBytes, _same, _keptOut, _gone, _torn;
    private long _new, _changed, _metadata, _entries, _bytes;

    public SnapshotStatistics Statistics => new()
    {
        Entries = _entries,
        Bytes = _bytes,
        New = _new,
        Changed = _changed,
        Metadata = _metadata,
        Deleted = _gone,
        Again = _cyclic,
        BytesAdded = _incrementalBytes + _cyclicBytes,
    };

    /// <summary>A state that the index lists.</summary>
    public void Listed(PathState state)
    {
        if (state.Until is not null)
            return;
        _entries++;
        _bytes += state.Entry.Size;
    }

    public void Same(Entry entry) => _same++;

    public void KeptOut(Entry entry) => _keptOut++;

    public void Gone(Entry entry) => _gone++;

    /// <summary>A file that is in no volume of this run although it was to be: its last copy stays.</summary>
    public void Torn(Entry entry) => _torn++;

    public void Saved(Change change, bool isCyclic, Entry entry)
    {
        var bytes = change.BringsBytes ? entry.Size : 0;
        if (isCyclic && change.Kind == ChangeKind.Again)
        {
            _cyclic++;
            _cyclicBytes += bytes;
            return;
        }
        _incremental++;
        _incrementalBytes += bytes;
        switch (change.Kind)
        {
            case ChangeKind.New: _new++; break;
            case ChangeKind.Changed: _changed++; break;
            case ChangeKind.Metadata: _metadata++; break;
        }
    }

    public List<KeyValuePair<string, string>> ToList(IReadOnlyList<(VolumeName Name, long Bytes)> volumes, PartTimes times, TimeSpan readingBack, IReadOnlyList<VolumeName> removable)
    {
        var figures = new List<KeyValuePair<string, string>>
        {
            new("backed up", $"{_incremental + _cyclic} ({Bytes(_incrementalBytes + _cyclicBytes)})"),
            new("incremental", $"{_incremental} ({Bytes(_incrementalBytes)}){In(times.Incremental)}"),
            new("cyclic", $"{_cyclic} ({Bytes(_cyclicBytes)}){In(times.Cyclic)}"),
            new("same", (_same - _cyclic).ToString(CultureInfo.InvariantCulture)),
            new("gone", _gone.ToString(CultureInfo.InvariantCulture)),
        };
        if (_keptOut > 0)
            figures.Add(new("kept out", $"{_keptOut} are kept out by the rules now; their last copies stay"));
        if (_torn > 0)
            figures.Add(new("torn", $"{_torn} changed while they were read and are not in the volume; their last copies stay"));
        foreach (var (name, bytes) in volumes)
            figures.Add(new("volume", $"{name} ({Bytes(bytes)})"));
        if (volumes.Count > 0)
            figures.Add(new("read back", Seconds(readingBack)));
        if (times.Closing is { } closing)
            figures.Add(new("closing", $"{Seconds(closing)} with index and reading back"));
        figures.Add(new("removable", removable.Count == 0 ? "0" : $"{removable.Count}: {string.Join(", ", removable.Select(v => v.Id))}"));
        return figures;
    }

    private static string In(TimeSpan? time) => time is { } taken ? " in " + Seconds(taken) : "";

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.00} s");

    private static string Bytes(long bytes) => bytes.ToString("N0", CultureInfo.InvariantCulture) + " bytes";
}
