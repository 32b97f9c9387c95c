namespace Holdfast.Core.Engine.Measuring;

/// <summary>What the snapshots of a place hold together, by their records. Sizes are of contents, in bytes, not of blocks on the disk.</summary>
/// <param name="Snapshots">Each snapshot, oldest first.</param>
/// <param name="BytesStored">Bytes of all files the place keeps, each counted once however many snapshots and names share it.</param>
/// <param name="FilesStored">Their number.</param>
/// <param name="BytesDistinct">Bytes when equal contents are counted once, whatever file they are in.</param>
public sealed record PlaceUsage(IReadOnlyList<SnapshotUsage> Snapshots, long BytesStored, long FilesStored, long BytesDistinct)
{
    /// <summary>Length of the month that growth is told for: a twelfth of 365.25 days.</summary>
    public const double DaysOfMonth = 30.4375;

    /// <summary>Bytes of all snapshots together, as if each were a copy of its own.</summary>
    public long BytesListed => Snapshots.Sum(s => s.Bytes);

    /// <summary>What sharing saves: bytes that would lie there more if each snapshot were a copy of its own.</summary>
    public long BytesSaved => BytesListed - BytesStored;

    /// <summary>Time from the first snapshot to the newest, by the clients' clocks.</summary>
    public TimeSpan Span => Snapshots.Count == 0 ? TimeSpan.Zero : Snapshots[^1].Snapshot.Time - Snapshots[0].Snapshot.Time;

    /// <summary>Bytes that the snapshots after the first add in a day; null when all lie within a day, which tells nothing.</summary>
    public double? GrowthPerDay => Span < TimeSpan.FromDays(1) ? null : Snapshots.Skip(1).Sum(s => s.BytesAdded) / Span.TotalDays;
}
