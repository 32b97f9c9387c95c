namespace Holdfast.Core.Targets;

/// <summary>Snapshots that read better when they know beforehand what will be asked for.</summary>
public interface IPreparedReading
{
    /// <summary>Says which entries are going to be opened, in path order; more or fewer may be.</summary>
    void Prepare(IEnumerable<SnapshotEntry> wanted);
}
