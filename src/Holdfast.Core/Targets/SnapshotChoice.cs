using System.Globalization;
using Holdfast.Core.Model;

namespace Holdfast.Core.Targets;

/// <summary>What <c>--at</c> says: <c>latest</c> (an incomplete one only when there is no other), an id or its beginning, a time, or N for the N-th newest (1 = newest).</summary>
public static class SnapshotChoice
{
    private const int MostDigitsOfN = 4;

    /// <summary>The snapshot that is meant.</summary>
    /// <param name="snapshots">All of the place, oldest first.</param>
    /// <param name="at">What was typed.</param>
    /// <param name="localZone">The zone of times that name none.</param>
    /// <exception cref="HoldfastException">There is none such, or the text is nothing of the kind.</exception>
    public static Snapshot Choose(IReadOnlyList<Snapshot> snapshots, string at, TimeZoneInfo localZone)
    {
        if (snapshots.Count == 0)
            throw new HoldfastException(ErrorKind.Failed, "there is no snapshot yet.", "The first is made by 'holdfast backup'.");
        if (at is "latest")
            return snapshots.LastOrDefault(s => !s.IsIncomplete) ?? snapshots[^1];
        if (at.Length <= MostDigitsOfN && int.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var n))
            return n >= 1 && n <= snapshots.Count ? snapshots[^n] : throw Missing($"there are {snapshots.Count} snapshots, so 1 (the newest) to {snapshots.Count} can be asked for, not {n}.");
        if (TypedTime.TryParse(at, localZone) is { Last: var moment })
            return snapshots.LastOrDefault(s => s.Time <= moment)
                ?? throw Missing($"there is no snapshot of {at} or before; the oldest is of {snapshots[0].Time.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z.");
        return ById(snapshots, at);
    }

    private static Snapshot ById(IReadOnlyList<Snapshot> snapshots, string at)
    {
        var found = snapshots.Where(s => s.Id.StartsWith(at, StringComparison.OrdinalIgnoreCase)).ToList();
        return found.Count switch
        {
            1 => found[0],
            0 => throw Missing($"there is no snapshot '{at}'."),
            _ when found.Find(s => s.Id.Equals(at, StringComparison.OrdinalIgnoreCase)) is { } exact => exact,
            _ => throw Missing($"'{at}' begins the names of {found.Count} snapshots."),
        };
    }

    private static HoldfastException Missing(string message) =>
        new(ErrorKind.Failed, message, "'holdfast snapshots' lists them; --at takes latest, an id, a time such as 2026-11-01 or 2026-11-01T14:30, or N for the N-th newest.");
}
