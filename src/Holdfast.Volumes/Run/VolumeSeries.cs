using Holdfast.Core.Targets;
using Holdfast.Volumes.Codec;
using Holdfast.Volumes.Database;
using Holdfast.Volumes.Places;
using Holdfast.Volumes.Record;

namespace Holdfast.Volumes.Run;

/// <summary>The volumes of one run: one, or as many as <c>volume_size</c> makes of it. None has a name before all are complete.</summary>
internal sealed class VolumeSeries(IVolumePlace place, VolumeDatabase database, VolumeOptions options, string stateFolder, TimeProvider clock, Func<VolumeName, VolumePlan> planOf, CancellationToken interruption) : IDisposable
{
    // Of a volume with one large part: room for headers and the small members beside it.
    private const long Reserve = 64 * 1024, LeastPart = 64 * 1024;

    private readonly List<NewVolume> _volumes = [];
    private readonly VolumeCodec _codec = options.Codec with { Interruption = interruption };

    /// <summary>Names and sizes of those that have their name.</summary>
    public List<(VolumeName Name, long Bytes)> Published { get; } = [];

    /// <summary>How long reading them back took.</summary>
    public TimeSpan ReadingBack { get; private set; }

    /// <summary>The volume that takes the next member, of so many bytes.</summary>
    public NewVolume For(long size)
    {
        if (_volumes.Count == 0 || IsFull(_volumes[^1], size))
            Begin();
        return _volumes[^1];
    }

    /// <summary>The volume that took the last member.</summary>
    public NewVolume Current => _volumes[^1];

    /// <summary>Files of more bytes are saved in parts of so many; null for no limit.</summary>
    public long? PartLength => options.VolumeSize is { } most ? Math.Max(LeastPart, most - Reserve) : null;

    /// <summary>Ends the run's last volume and reads it back; those before it have been.</summary>
    public void Complete(SnapshotStatistics statistics, IReadOnlyList<VolumeFailure> failures) =>
        Complete(Current, statistics, failures);

    private void Complete(NewVolume volume, SnapshotStatistics? statistics, IReadOnlyList<VolumeFailure> failures)
    {
        var plan = planOf(volume.Name);
        volume.Complete(
            new VolumeEnd { Volume = plan.Volume, Run = plan.Run, IsLast = statistics is not null, Members = 0, Checksum = "", Statistics = statistics, Failures = failures },
            plan.Time);
        var began = clock.GetTimestamp();
        volume.Verify(interruption);
        ReadingBack += clock.GetElapsedTime(began);
        database.SetBytes(volume.Name.Number, volume.Length);
        database.SetVerified(volume.Name.Number, clock.GetUtcNow());
    }

    /// <summary>Gives all volumes their names, the last one last.</summary>
    public void Publish()
    {
        interruption.ThrowIfCancellationRequested();
        foreach (var volume in _volumes)
        {
            volume.Publish(interruption);
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
            index.Add(IndexLine.Of(state.Entry, state.Saved, gone: null, database.Parts(state.Id, volume.Name.Number)));
        index.WriteTo(volume, planOf(volume.Name).Time);
    }

    private void Begin()
    {
        database.Begin();
        if (_volumes.Count > 0)
        {
            AddOwnIndex(Current);
            Complete(Current, statistics: null, failures: []);
        }
        var number = database.NewestVolume() + 1;
        var plan = planOf(new VolumeName(number, default, ""));
        var name = new VolumeName(number, plan.Time, _codec.Suffix);
        _volumes.Add(new NewVolume(place, name, plan, _codec));
        database.AddVolume(name, plan.Run, 0);
    }
}
