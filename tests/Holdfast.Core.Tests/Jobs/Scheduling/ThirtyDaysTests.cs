using Holdfast.Core.Jobs;
using Holdfast.Core.Jobs.Scheduling;
using Holdfast.Testing.Machines;

namespace Holdfast.Core.Tests.Jobs.Scheduling;

/// <summary>
/// Thirty days of a machine that sleeps, whose clock is set back, whose jobs fail and hang, whose disks come and go and whose
/// daemon is killed, over both changes of summer time, beside a model that looks at each minute of the wall clock.
/// </summary>
public sealed class ThirtyDaysTests : IDisposable
{
    private const int Days = 30;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1, "2027-03-14T00:00Z")]
    [InlineData(3, "2027-10-17T00:00Z")]
    [InlineData(146, "2027-03-01T00:00Z")] // Asleep before anybody looked at the jobs.
    public void WhatRanAndWhatWasToldIsWhatTheModelExpects(int seed, string start) => Run(seed, SchedulerTests.Time(start));

    [Fact]
    public void SoItIsInOtherMonths()
    {
        var months = Environment.GetEnvironmentVariable("HOLDFAST_SOAK") is { Length: > 0 } ? 200 : 1;
        for (var seed = 100; seed < 100 + months; seed++)
            Run(seed, SchedulerTests.Time(seed % 2 == 0 ? "2027-03-01T00:00Z" : "2027-10-03T00:00Z"));
    }

    private void Run(int seed, DateTimeOffset start)
    {
        var random = new Random(seed);
        var scheduler = NewScheduler();
        var models = ThirtyDaysModel.Of(start);
        var disks = new Dictionary<string, bool> { ["/disk1"] = true, ["/disk2"] = false, ["/disk3"] = true, ["/disk4"] = true };
        var running = new Dictionary<string, int>(); // The minute of the machine's life in which each ends, whatever its clock says.
        var now = start;
        int started = 0, kills = 0, told = 0;
        for (var minute = 0; minute < Days * 24 * 60; minute++, now = now.AddMinutes(1))
        {
            if (random.Next(600) == 0)
            {
                var slept = random.Next(1, 900); // Nobody looks.
                (minute, now) = (minute + slept, now.AddMinutes(slept));
            }
            if (random.Next(8000) == 0)
                now = now.AddMinutes(-random.Next(1, 3000));
            foreach (var disk in disks.Keys.ToList())
                if (random.Next(400) == 0)
                    disks[disk] = !disks[disk];
            foreach (var (name, _) in running.Where(r => r.Value <= minute).ToList())
            {
                running.Remove(name);
                var code = !disks[models[name].Disk] ? 10 : random.Next(4) == 0 ? 1 : 0;
                scheduler.Ended(name, now, code);
                models[name].Ended(now, code);
            }
            if (random.Next(2000) == 0)
            {
                scheduler = Killed(scheduler);
                kills++;
                foreach (var name in running.Keys)
                    models[name].Wanted = true;
                running.Clear();
            }

            var due = scheduler.Due(ThirtyDaysModel.Jobs, now, j => disks[models[j.Name].Disk]).Select(j => j.Name).ToList();
            due.ShouldBe(ThirtyDaysModel.Due(models, now, disks, running.Keys), $"seed {seed}, {now:O}");
            foreach (var name in due)
            {
                scheduler.Started(name, now);
                models[name].Started(now);
                running[name] = minute + (random.Next(10) == 0 ? 700 : random.Next(1, 90)); // Some hang.
                started++;
            }
            var overdue = ThirtyDaysModel.Jobs.Where(j => scheduler.IsOverdue(j, now)).Select(j => j.Name).ToList();
            overdue.ShouldBe(models.Values.Where(m => m.IsOverdue(now)).Select(m => m.Name), $"seed {seed}, {now:O}");
            foreach (var name in overdue)
            {
                scheduler.Alerted(name, now);
                models[name].Told = now;
                told++;
            }
            running.Keys.GroupBy(n => models[n].Disk).ShouldAllBe(g => g.Count() == 1);
        }
        started.ShouldBeGreaterThan(60);
        kills.ShouldBeGreaterThan(0);
        told.ShouldBeGreaterThan(0);
    }

    private static Scheduler NewScheduler() => new(TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"), "c");

    /// <summary>A new daemon knows what the old one wrote.</summary>
    private Scheduler Killed(Scheduler old)
    {
        new DaemonState { Jobs = old.History }.Write(_folder.Path);
        var scheduler = NewScheduler();
        foreach (var (job, history) in DaemonState.Read(_folder.Path).Jobs)
            scheduler.Remember(job, history);
        return scheduler;
    }
}
