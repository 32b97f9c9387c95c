using Holdfast.Core.Jobs;

namespace Holdfast.Core.Tests.Jobs.Scheduling;

/// <summary>
/// What a job should do, told from the clock on a wall in Berlin, minute by minute; when summer time begins and ends is written
/// down here and asked of nobody.
/// </summary>
internal sealed class ThirtyDaysModel
{
    private static readonly DateTimeOffset Spring = SchedulerTests.Time("2027-03-28T01:00Z"), Autumn = SchedulerTests.Time("2027-10-31T01:00Z");
    private static readonly TimeSpan Patience = TimeSpan.FromDays(2);

    /// <summary>In the order of the config. The nightly one lies in the hour that comes never or twice.</summary>
    public static readonly Job[] Jobs =
    [
        Job("daily", "0 20 * * *", "/disk1"),
        Job("often", "every 6h", "/disk1"),
        Job("stick", "on-mount", "/disk2"),
        Job("work", "15 */3 * * mon-fri", "/disk3"),
        Job("nightly", "30 2 * * *", "/disk3"),
        Job("hourly", "45 * * * *", "/disk4"),
    ];

    // Every moment at which the wall says that it is time, in order.
    private readonly List<DateTimeOffset> _times;
    private DateTimeOffset? _first, _last, _good; // First: when somebody looked at it for the first time, which a machine that sleeps puts off.
    private bool _missed;
    private int _code;

    private ThirtyDaysModel(Job job, DateTimeOffset start)
    {
        (Name, Disk) = (job.Name, job.To[0].LocalPath!);
        _times = [.. Enumerable.Range(-5 * 24 * 60, 50 * 24 * 60).Select(m => start.AddMinutes(m)).Where(t => Walls(t).Any(w => IsTime(job.Name, w)))];
    }

    public string Name { get; }

    public string Disk { get; }

    public bool Wanted { get; set; }

    public DateTimeOffset? Told { get; set; }

    public static Dictionary<string, ThirtyDaysModel> Of(DateTimeOffset start) => Jobs.ToDictionary(j => j.Name, j => new ThirtyDaysModel(j, start));

    public static List<string> Due(Dictionary<string, ThirtyDaysModel> models, DateTimeOffset now, Dictionary<string, bool> disks, ICollection<string> running)
    {
        var due = new List<string>();
        foreach (var model in models.Values.Where(m => !running.Contains(m.Name)))
            if (model.IsDue(now, disks.GetValueOrDefault(model.Disk, true)) && !running.Concat(due).Any(other => models[other].Disk == model.Disk))
                due.Add(model.Name);
        return due;
    }

    public void Started(DateTimeOffset now) => (_last, Wanted) = (now, false);

    public void Ended(DateTimeOffset now, int code)
    {
        _code = code;
        if (code == 0)
            _good = now;
    }

    public bool IsOverdue(DateTimeOffset now) => now - (_good ?? _first) > Patience && !(Told <= now && now - Told <= Patience);

    private bool IsDue(DateTimeOffset now, bool isThere)
    {
        // A clock that was set back: nothing lies in the future.
        (_first, _last, _good) = (Earlier(_first ?? now, now), _last is { } last ? Earlier(last, now) : null, _good is { } good ? Earlier(good, now) : null);
        if (isThere && (_missed || (Name == "stick" && _last is null)) && (Name == "stick" || _code == 10))
            Wanted = true;
        _missed = !isThere;
        return Wanted || (Name == "often" ? _last is null || now - _last >= TimeSpan.FromHours(6) : HasPassed(_last ?? _first!.Value, now));
    }

    private bool HasPassed(DateTimeOffset after, DateTimeOffset until)
    {
        var at = _times.BinarySearch(after);
        var next = at >= 0 ? at + 1 : ~at;
        return next < _times.Count && _times[next] <= until;
    }

    private static bool IsTime(string job, DateTime wall) => job switch
    {
        "daily" => wall is { Hour: 20, Minute: 0 },
        "work" => wall.Hour % 3 == 0 && wall.Minute == 15 && wall.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday),
        "nightly" => wall is { Hour: 2, Minute: 30 },
        "hourly" => wall.Minute == 45,
        _ => false,
    };

    /// <summary>
    /// What the wall shows. In the hour after the one that is skipped, also what a clock would show that nobody set; in the hour
    /// that comes twice, nothing the first time.
    /// </summary>
    private static IEnumerable<DateTime> Walls(DateTimeOffset time)
    {
        var (winter, summer) = (time.UtcDateTime.AddHours(1), time.UtcDateTime.AddHours(2));
        return time < Spring ? [winter]
            : time < Spring.AddHours(1) ? [summer, winter]
            : time < Autumn.AddHours(-1) ? [summer]
            : time < Autumn ? []
            : [winter];
    }

    private static DateTimeOffset Earlier(DateTimeOffset first, DateTimeOffset second) => first < second ? first : second;

    private static Job Job(string name, string schedule, string disk) =>
        Sample.Load($"jobs:\n  {name}:\n    from: /src\n    to: mirror:{disk}\n    schedule: \"{schedule}\"\n    alert_after: 2d\n").Find(name);
}
