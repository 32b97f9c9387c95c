using System.Globalization;
using Holdfast.Core.Targets;

namespace Holdfast.Core.Jobs;

/// <summary>
/// Which snapshots stay, and why. The rules are those of restic's <c>forget</c>, with two differences that keep clocks from
/// losing data: what is newer follows from the numbers of the place, and the newest snapshot always stays.
/// </summary>
public static class RetentionRules
{
    private sealed record Period(string Word, Func<Retention, int?> Count, Func<DateTimeOffset, string> NameOf);

    private static readonly Period[] Periods =
    [
        new("hourly", k => k.Hourly, t => Name(t, "yyyy-MM-dd HH'h'")),
        new("daily", k => k.Daily, t => Name(t, "yyyy-MM-dd")),
        new("weekly", k => k.Weekly, t => string.Create(CultureInfo.InvariantCulture, $"{ISOWeek.GetYear(t.DateTime):D4}-W{ISOWeek.GetWeekOfYear(t.DateTime):D2}")),
        new("monthly", k => k.Monthly, t => Name(t, "yyyy-MM")),
        new("yearly", k => k.Yearly, t => Name(t, "yyyy")),
    ];

    /// <summary>Decides about every snapshot. Nothing depends on the present time: ages count from the newest snapshot.</summary>
    /// <param name="snapshots">All of a place, in any order.</param>
    /// <param name="keep">The rules; one that keeps nothing leaves the newest alone.</param>
    /// <param name="zone">In which hours, days, weeks (Monday first, ISO 8601), months and years begin.</param>
    /// <returns>One decision a snapshot, oldest first.</returns>
    public static IReadOnlyList<RetentionDecision> Decide(IEnumerable<Snapshot> snapshots, Retention keep, TimeZoneInfo zone)
    {
        var newestFirst = snapshots.OrderByDescending(s => s.Number).ToList();
        var periods = Periods.Select(p => new Counted(p, p.Count(keep) ?? 0)).ToList();
        var decisions = new List<RetentionDecision>(newestFirst.Count);
        for (var i = 0; i < newestFirst.Count; i++)
        {
            var snapshot = newestFirst[i];
            var reasons = new List<string>();
            if (i == 0)
                reasons.Add("newest");
            if (i < keep.Last)
                reasons.Add(string.Create(CultureInfo.InvariantCulture, $"last {i + 1} of {keep.Last}"));
            var local = TimeZoneInfo.ConvertTime(snapshot.Time, zone);
            foreach (var period in periods)
                if (period.TryKeep(local) is { } reason)
                    reasons.Add(reason);
            // The newest may have been made by a clock that was behind: what seems younger than it has no age.
            if (keep.Within is { } within && within > TimeSpan.Zero && newestFirst[0].Time - snapshot.Time < within)
                reasons.Add($"within {Duration.Format(within)}");
            foreach (var tag in keep.Tags)
                if (snapshot.Tags.Contains(tag, StringComparer.Ordinal))
                    reasons.Add($"tag: {tag}");
            decisions.Add(new RetentionDecision(snapshot, reasons));
        }
        decisions.Reverse();
        return decisions;
    }

    private static string Name(DateTimeOffset time, string form) => time.ToString(form, CultureInfo.InvariantCulture);

    /// <summary>One rule while it counts the periods that have a snapshot.</summary>
    private sealed class Counted(Period period, int most)
    {
        // A clock that jumps may come back to a period: its newest snapshot is kept already.
        private readonly HashSet<string> _seen = [];

        public string? TryKeep(DateTimeOffset local)
        {
            if (_seen.Count >= most)
                return null;
            var name = period.NameOf(local);
            return _seen.Add(name) ? $"{period.Word} {name}" : null;
        }
    }
}
