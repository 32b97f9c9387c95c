using Holdfast.Core.Targets;
using Holdfast.Volumes.Database;
using Holdfast.Volumes.Places;
using Holdfast.Volumes.Record;

namespace Holdfast.Volumes.Run;

/// <summary>The volumes of one run: one, or as many as <c>volume_size</c> makes of it. None has a name before all are complete.</summary>
internal sealed class VolumeSeries(IVolumePlace place, VolumeDatabase database, VolumeOptions options, string stateFolder, Func<VolumeName, VolumePlan> planOf) : IDisposable
{
    private readonly List<NewVolume> _volumes = [];

    /// <summary>Names and sizes of those that have their name.</summary>
    public List<(VolumeName Name, long Bytes)> Published { get; } = [];

    /// <summary>The volume that takes the next member, of so many bytes.</summary>
    public NewVolume For(long size)
    {
        if (_volumes.Count == 0 || IsFull(_volumes[^1], size))
            Begin();
        return _volumes[^1];
    }

    /// <summary>Ends all volumes and reads them back.</summary>
    public void Complete(long run, SnapshotStatistics statistics, IReadOnlyList<VolumeFailure> failures, DateTimeOffset time)
    {
        for (var i = 0; i < _volumes.Count; i++)
        {
            var isLast = i == _volumes.Count - 1;
            var end = new VolumeEnd
            {
                Volume = _volumes[i].Name.Number,
                Run = run,
                IsLast = isLast,
                Members = 0,
                Statistics = isLast ? statistics : null,
                Failures = isLast ? failures : [],
            };
            _volumes[i].Complete(end, time);
            database.SetBytes(_volumes[i].Name.Number, _volumes[i].Length);
            database.SetVerified(_volumes[i].Name.Number, time);
        }
    }

    /// <summary>Gives all volumes their names, the last one last.</summary>
    public void Publish()
    {
        foreach (var volume in _volumes)
        {
            volume.Publish();
            Published.Add((volume.Name, volume.Length));
        }
    }

    public void Dispose()
    {
        foreach (var volume in _volumes)
            volume.Dispose();
    }

    private bool IsFull(NewVolume volume, long size) =>
        options.VolumeSize is { } most && volume.Members > 1 && volume.Tar.Position + size > most;

    /// <summary>The last volume's index tells everything; each before it tells what it holds itself, should the last one be lost.</summary>
    private void AddOwnIndex(NewVolume volume)
    {
        using var index = new IndexSpool(stateFolder);
        foreach (var state in database.SavedIn(volume.Name.Number))
            index.Add(IndexLine.Of(state.Entry, state.Saved, gone: null));
        index.WriteTo(volume, planOf(volume.Name).Time);
    }

    private void Begin()
    {
        database.Begin();
        if (_volumes.Count > 0)
            AddOwnIndex(_volumes[^1]);
        var number = database.NewestVolume() + 1;
        var plan = planOf(new VolumeName(number, default, ""));
        var name = new VolumeName(number, plan.Time, options.Codec.Suffix);
        _volumes.Add(new NewVolume(place, name, plan, options.Codec));
        database.AddVolume(name, plan.Run, 0);
    }
}
