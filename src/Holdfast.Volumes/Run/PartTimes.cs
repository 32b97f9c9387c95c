namespace Holdfast.Volumes.Run;

/// <summary>How long the parts of a run took.</summary>
internal sealed class PartTimes(TimeProvider clock)
{
    private readonly long _began = clock.GetTimestamp();
    private long? _incremental, _cyclic, _closed;

    /// <summary>From the begin until everything that changed is saved.</summary>
    public TimeSpan? Incremental => _incremental is { } end ? clock.GetElapsedTime(_began, end) : null;

    /// <summary>From then until everything whose turn it was is saved.</summary>
    public TimeSpan? Cyclic => _cyclic is { } end ? clock.GetElapsedTime(_incremental!.Value, end) : null;

    /// <summary>From then until the volumes have their names and the database has committed: index, reading back, syncing.</summary>
    public TimeSpan? Closing => _closed is { } end ? clock.GetElapsedTime(_cyclic!.Value, end) : null;

    public void EndIncremental() => _incremental ??= clock.GetTimestamp();

    /// <summary>A first run has no cyclic part.</summary>
    public void EndCyclic()
    {
        EndIncremental();
        _cyclic ??= clock.GetTimestamp();
    }

    public void End() => _closed = clock.GetTimestamp();
}
