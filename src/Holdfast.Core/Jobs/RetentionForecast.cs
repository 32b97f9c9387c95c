using System.Globalization;
using Holdfast.Core.Targets;

namespace Holdfast.Core.Jobs;

/// <summary>
/// How long <see cref="RetentionRules"/> is sure to keep a snapshot, whatever runs are made from now on: the worst case is a
/// run at every moment. A rule of periods promises nothing to the newest snapshot of the running period, which the next run may
/// replace; clocks that go back are not foreseen.
/// </summary>
public static class RetentionForecast
{
    private sealed record Period(Func<Retention, int?> Count, Func<DateTime, DateTime> Begin, Func<DateTime, int, DateTime> Add);

    private static readonly Period[] Periods =
    [
        new(k => k.Hourly, t => new DateTime(t.Year, t.Month, t.Day, t.Hour, 0, 0), (t, n) => t.AddHours(n)),
        new(k => k.Daily, t => t.Date, (t, n) => t.AddDays(n)),
        new(k => k.Weekly, t => ISOWeek.ToDateTime(ISOWeek.GetYear(t), ISOWeek.GetWeekOfYear(t), DayOfWeek.Monday), (t, n) => t.AddDays(7 * n)),
        new(k => k.Monthly, t => new DateTime(t.Year, t.Month, 1), (t, n) => t.AddMonths(n)),
        new(k => k.Yearly, t => new DateTime(t.Year, 1, 1), (t, n) => t.AddYears(n)),
    ];

    /// <summary>How long at least one of some snapshots stays.</summary>
    /// <param name="all">All snapshots of the place.</param>
    /// <param name="held">Those of which one is enough.</param>
    /// <param name="keep">The rules; null when nothing is forgotten.</param>
    /// <param name="zone">In which days begin.</param>
    /// <param name="now">The present.</param>
    public static KeptUntil Of(IEnumerable<Snapshot> all, IEnumerable<Snapshot> held, Retention? keep, TimeZoneInfo zone, DateTimeOffset now)
    {
        if (keep is null)
            return held.Any() ? KeptUntil.NothingIsForgotten : KeptUntil.NextRun;
        var newestFirst = all.OrderByDescending(s => s.Number).ToList();
        return held.Select(s => Of(newestFirst, s, keep, zone, now)).Aggregate(KeptUntil.NextRun, (a, b) => a.Or(b));
    }

    private static KeptUntil Of(List<Snapshot> newestFirst, Snapshot snapshot, Retention keep, TimeZoneInfo zone, DateTimeOffset now)
    {
        if (snapshot.Tags.Intersect(keep.Tags, StringComparer.Ordinal).Any())
            return KeptUntil.NothingIsForgotten;
        var index = newestFirst.FindIndex(s => s.Number == snapshot.Number);
        // A run made now may be later than the newest snapshot, and no earlier.
        var next = newestFirst[0].Time > now ? newestFirst[0].Time : now;
        DateTimeOffset? date = null;
        if (keep.Within is { } within && snapshot.Time + within > next)
            date = snapshot.Time + within;
        foreach (var period in Periods)
            if (period.Count(keep) is { } count and > 0 && EndOf(period, count, newestFirst, index, zone, next) is { } end && (date is null || end > date))
                date = end;
        // At index i of the newest N, N - i further snapshots push it out, so one less leaves it.
        return new KeptUntil(date, Math.Max(0, (keep.Last ?? 0) - index - 1));
    }

    /// <summary>When a rule of periods may let it go; null when it may do so at once.</summary>
    private static DateTimeOffset? EndOf(Period period, int count, List<Snapshot> newestFirst, int index, TimeZoneInfo zone, DateTimeOffset next)
    {
        DateTime Begin(DateTimeOffset time) => period.Begin(TimeZoneInfo.ConvertTime(time, zone).DateTime);
        var (own, running) = (Begin(newestFirst[index].Time), Begin(next));
        var later = newestFirst.Take(index).Select(s => Begin(s.Time)).ToHashSet();
        if (later.Contains(own) || own >= running)
            return null;
        later.Add(running); // A run at once would begin it.
        var left = count - later.Count;
        if (left <= 0)
            return null;
        var end = period.Add(running, left);
        return new DateTimeOffset(end, zone.GetUtcOffset(end));
    }
}
