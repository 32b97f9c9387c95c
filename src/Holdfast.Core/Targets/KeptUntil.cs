namespace Holdfast.Core.Targets;

/// <summary>How long retention is sure to keep something. Both ends hold: it stays until the date, and for so many more snapshots.</summary>
/// <param name="Date">The earliest moment at which it may go; null when no time is promised.</param>
/// <param name="Snapshots">So many snapshots may still be made before it may go.</param>
/// <param name="Forever">True when no run forgets it.</param>
public sealed record KeptUntil(DateTimeOffset? Date, int Snapshots, bool Forever = false)
{
    /// <summary>No run forgets it.</summary>
    public static KeptUntil NothingIsForgotten { get; } = new(null, 0, Forever: true);

    /// <summary>The next run may take it away.</summary>
    public static KeptUntil NextRun { get; } = new(null, 0);

    /// <summary>True when the next run cannot take it away.</summary>
    public bool OutlivesTheNextRun => Forever || Date is not null || Snapshots > 0;

    /// <summary>What two promises about the same thing, by two who may both forget it, leave.</summary>
    public KeptUntil And(KeptUntil other)
    {
        if (Forever)
            return other;
        if (other.Forever)
            return this;
        return new KeptUntil(Date < other.Date ? Date : Date is null ? null : other.Date, Math.Min(Snapshots, other.Snapshots));
    }

    /// <summary>What two promises about two copies, of which one is enough, come to.</summary>
    public KeptUntil Or(KeptUntil other) => Forever || other.Forever
        ? NothingIsForgotten
        : new KeptUntil(Date is null || other.Date > Date ? other.Date : Date, Math.Max(Snapshots, other.Snapshots));
}
