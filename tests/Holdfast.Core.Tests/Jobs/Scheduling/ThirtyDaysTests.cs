using Holdfast.Core.Jobs;
using Holdfast.Core.Jobs.Scheduling;
using Holdfast.Testing.Machines;

namespace Holdfast.Core.Tests.Jobs.Scheduling;

/// <summary>Thirty days of a machine that sleeps, whose jobs fail and hang, whose disks come and go and whose daemon is killed, beside a model that looks at each minute.</summary>
public sealed class ThirtyDaysTests : IDisposable
{
    private const int Days = 30;
    private readonly TemporaryFolder _folder = new();

    private static readonly Job[] Jobs =
    [
        SchedulerTests.Job("0 20 * * *", "daily", "mirror:/disk1"),
        SchedulerTests.Job("every 6h", "often", "mirror:/disk1"),
        SchedulerTests.Job("on-mount", "stick", "mirror:/disk2"),
        SchedulerTests.Job("15 */3 * * mon-fri", "work", "mirror:/disk3"),
    ];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void WhatRanIsWhatTheModelExpects(int seed)
    {
        var random = new Random(seed);
        var start = SchedulerTests.Time("2026-11-01T00:00Z");
        var scheduler = new Scheduler(TimeZoneInfo.Utc, "c");
        var models = Jobs.ToDictionary(j => j.Name, _ => new Model { Last = start });
        var disks = new Dictionary<string, bool> { ["/disk1"] = true, ["/disk2"] = false, ["/disk3"] = true };
        var running = new Dictionary<string, DateTimeOffset>();
        int started = 0, kills = 0;
        for (var minute = 0; minute < Days * 24 * 60; minute++)
        {
            var now = start.AddMinutes(minute);
            if (random.Next(600) == 0)
                minute += random.Next(1, 900); // It sleeps: nobody looks.
            foreach (var disk in disks.Keys.ToList())
                if (random.Next(400) == 0)
                    disks[disk] = !disks[disk];
            foreach (var (name, _) in running.Where(r => r.Value <= now).ToList())
            {
                running.Remove(name);
                var code = !disks[Disk(name)] ? 10 : random.Next(4) == 0 ? 1 : 0;
                scheduler.Ended(name, now, code);
                models[name].Code = code;
            }
            if (random.Next(2000) == 0)
            {
                scheduler = Killed(scheduler);
                kills++;
                foreach (var name in running.Keys)
                    models[name].Wanted = true;
                running.Clear();
            }

            var due = scheduler.Due(Jobs, now, j => disks[Disk(j.Name)]).Select(j => j.Name).ToList();
            due.ShouldBe(Expected(now, models, disks, running), $"seed {seed}, {now:O}");
            foreach (var name in due)
            {
                scheduler.Started(name, now);
                models[name].Last = now;
                models[name].HasRun = true;
                models[name].Wanted = false;
                running[name] = now.AddMinutes(random.Next(10) == 0 ? 700 : random.Next(1, 90)); // Some hang.
                started++;
            }
            running.Keys.GroupBy(Disk).ShouldAllBe(g => g.Count() == 1);
        }
        started.ShouldBeGreaterThan(60);
        kills.ShouldBeGreaterThan(3);
    }

    private static string Disk(string job) => Jobs.First(j => j.Name == job).To[0].LocalPath!;

    /// <summary>A new daemon knows what the old one wrote.</summary>
    private Scheduler Killed(Scheduler old)
    {
        new DaemonState { Jobs = old.History }.Write(_folder.Path);
        var scheduler = new Scheduler(TimeZoneInfo.Utc, "c");
        foreach (var (job, history) in DaemonState.Read(_folder.Path).Jobs)
            scheduler.Remember(job, history);
        return scheduler;
    }

    private static List<string> Expected(DateTimeOffset now, Dictionary<string, Model> models, Dictionary<string, bool> disks, Dictionary<string, DateTimeOffset> running)
    {
        var expected = new List<string>();
        foreach (var job in Jobs)
        {
            var model = models[job.Name];
            var isThere = disks[Disk(job.Name)];
            if (running.ContainsKey(job.Name))
                continue;
            if (isThere && (model.Missed || (job.Name == "stick" && !model.HasRun)) && (job.Name == "stick" || model.Code == 10))
                model.Wanted = true;
            model.Missed = !isThere;
            if (!model.Wanted && !IsTime(job.Name, model, now))
                continue;
            if (!running.Keys.Concat(expected).Any(other => Disk(other) == Disk(job.Name)))
                expected.Add(job.Name);
        }
        return expected;
    }

    /// <summary>Minute by minute: did a time of the schedule pass since it last began?</summary>
    private static bool IsTime(string job, Model model, DateTimeOffset now) => job switch
    {
        "often" => !model.HasRun || now - model.Last >= TimeSpan.FromHours(6),
        "daily" => Minutes(model.Last, now).Any(t => t is { Hour: 20, Minute: 0 }),
        "work" => Minutes(model.Last, now).Any(t => t.Hour % 3 == 0 && t.Minute == 15 && t.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday)),
        _ => false,
    };

    private static IEnumerable<DateTimeOffset> Minutes(DateTimeOffset after, DateTimeOffset until)
    {
        for (var time = after.AddMinutes(1); time <= until; time = time.AddMinutes(1))
            yield return time;
    }

    private sealed class Model
    {
        public DateTimeOffset Last { get; set; }

        public bool HasRun { get; set; }

        public bool Wanted { get; set; }

        public bool Missed { get; set; }

        public int Code { get; set; }
    }
}
