using System.Globalization;
using Holdfast.Core.Jobs;
using Holdfast.Core.Jobs.Scheduling;

namespace Holdfast.Core.Tests.Jobs.Scheduling;

public sealed class SchedulerTests
{
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    [Theory]
    [InlineData("2027-03-27T12:00Z", "30 2 * * *", "2027-03-28T01:30Z")] // The night in which 2:30 does not exist.
    [InlineData("2027-03-27T12:00Z", "30 3 * * *", "2027-03-28T01:30Z")]
    [InlineData("2027-10-30T12:00Z", "30 3 * * *", "2027-10-31T02:30Z")]
    public void SummerTimeMovesWhatIsMeantByTheClockOnTheWall(string seen, string schedule, string due)
    {
        var scheduler = new Scheduler(Berlin, "c");
        var job = Job(schedule);
        scheduler.Due([job], Time(seen), _ => true).ShouldBeEmpty();
        scheduler.NextTime(job, Time(seen)).ShouldBe(Time(due));
        scheduler.Due([job], Time(due).AddSeconds(-1), _ => true).ShouldBeEmpty();
        scheduler.Due([job], Time(due), _ => true).ShouldHaveSingleItem();
    }

    [Fact]
    public void AnHourThatComesTwiceRunsOnce()
    {
        var scheduler = new Scheduler(Berlin, "c");
        var job = Job("30 2 * * *");
        Starts(scheduler, job, Time("2027-10-30T12:00Z"), Time("2027-11-01T00:00Z"), TimeSpan.FromMinutes(1)).Count.ShouldBe(1);
    }

    [Fact]
    public void WhatWasMissedInSleepIsCaughtUpOnce()
    {
        var scheduler = new Scheduler(TimeZoneInfo.Utc, "c");
        var job = Job("0 20 * * *");
        scheduler.Due([job], Time("2026-11-01T12:00Z"), _ => true).ShouldBeEmpty();

        var woken = Time("2026-11-06T08:00Z");
        scheduler.Due([job], woken, _ => true).ShouldHaveSingleItem();
        scheduler.Started("a", woken);
        scheduler.Ended("a", woken.AddMinutes(5), 0);
        scheduler.Due([job], woken.AddHours(11), _ => true).ShouldBeEmpty();
        scheduler.Due([job], Time("2026-11-06T20:00Z"), _ => true).ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("0 20 * * *", 1)]
    [InlineData("every 6h", 3)]
    public void AClockThatWasSetBackAMonthDoesNotStopAJobForAMonth(string schedule, int runsADay)
    {
        var scheduler = new Scheduler(TimeZoneInfo.Utc, "c");
        var job = Job(schedule);
        var before = Time("2026-12-15T20:00Z");
        scheduler.Due([job], before, _ => true);
        scheduler.Started("a", before);
        scheduler.Ended("a", before, 0);

        var day = Time("2026-11-15T01:00Z");
        Starts(scheduler, job, day, day.AddHours(22), TimeSpan.FromMinutes(1)).Count.ShouldBe(runsADay);
    }

    [Fact]
    public void JobsThatShareAPlaceRunOneAfterTheOther()
    {
        var scheduler = new Scheduler(TimeZoneInfo.Utc, "c");
        Job[] jobs = [Job("every 1h"), Job("every 1h", "b"), Job("every 1h", "c", "mirror:/other")];
        var now = Time("2026-11-01T12:00Z");
        var due = scheduler.Due(jobs, now, _ => true);
        due.Select(j => j.Name).ShouldBe(["a", "c"]);
        foreach (var job in due)
            scheduler.Started(job.Name, now);
        scheduler.Due(jobs, now, _ => true).ShouldBeEmpty();
        scheduler.Ended("a", now.AddMinutes(1), 1);
        scheduler.Due(jobs, now.AddMinutes(1), _ => true).Select(j => j.Name).ShouldBe(["b"]);
    }

    [Fact]
    public void OnMountRunsEachTimeTheDiskComes()
    {
        var scheduler = new Scheduler(TimeZoneInfo.Utc, "c");
        var job = Job("on-mount");
        var now = Time("2026-11-01T12:00Z");
        scheduler.Due([job], now, _ => false).ShouldBeEmpty();
        scheduler.Due([job], now, _ => true).ShouldHaveSingleItem();
        scheduler.Started("a", now);
        scheduler.Due([job], now, _ => true).ShouldBeEmpty();
        scheduler.Ended("a", now, 0);
        scheduler.Due([job], now.AddDays(3), _ => true).ShouldBeEmpty();
        scheduler.Due([job], now.AddDays(4), _ => false).ShouldBeEmpty();
        scheduler.Due([job], now.AddDays(5), _ => true).ShouldHaveSingleItem();
    }

    [Fact]
    public void ARunWhoseDiskWasAwayIsCaughtUpWhenItComes()
    {
        var scheduler = new Scheduler(TimeZoneInfo.Utc, "c");
        var job = Job("0 20 * * *");
        scheduler.Due([job], Time("2026-11-01T12:00Z"), _ => false).ShouldBeEmpty();
        var night = Time("2026-11-01T20:00Z");
        scheduler.Due([job], night, _ => false).ShouldHaveSingleItem(); // It runs, fails and is told.
        scheduler.Started("a", night);
        scheduler.Ended("a", night, 10);
        scheduler.Due([job], night.AddHours(1), _ => false).ShouldBeEmpty();
        scheduler.Due([job], night.AddHours(2), _ => true).ShouldHaveSingleItem();
    }

    [Fact]
    public void ARunThatADaemonDidNotSeeTheEndOfIsGoneOnWith()
    {
        var scheduler = new Scheduler(TimeZoneInfo.Utc, "c");
        var job = Job("0 20 * * *");
        var now = Time("2026-11-01T21:00Z");
        scheduler.Remember("a", new JobHistory { FirstSeen = now.AddDays(-9), LastStarted = now.AddMinutes(-30), IsRunning = true });
        scheduler.Due([job], now, _ => true).ShouldHaveSingleItem();
    }

    [Fact]
    public void RunsArePutOffAtRandomButAlwaysAlike()
    {
        var seen = Time("2026-11-01T12:00Z");
        var times = Enumerable.Range(0, 50).Select(i =>
        {
            var scheduler = new Scheduler(TimeZoneInfo.Utc, $"client {i}") { Jitter = TimeSpan.FromMinutes(30) };
            var job = Job("0 20 * * *");
            scheduler.Due([job], seen, _ => true);
            var next = scheduler.NextTime(job, seen)!.Value;
            scheduler.NextTime(job, seen.AddHours(3)).ShouldBe(next);
            return next;
        }).ToList();
        times.ShouldAllBe(t => t >= Time("2026-11-01T20:00Z") && t <= Time("2026-11-01T20:30Z"));
        times.Distinct().Count().ShouldBeGreaterThan(40);
    }

    [Fact]
    public void AJobThatDoesNotSucceedForLongIsToldOnceEachTime()
    {
        var scheduler = new Scheduler(TimeZoneInfo.Utc, "c");
        var job = Sample.Job("schedule: every 1h\nalert_after: 2d");
        var now = Time("2026-11-01T12:00Z");
        scheduler.Due([job], now, _ => true);
        scheduler.IsOverdue(job, now.AddDays(2)).ShouldBeFalse();
        scheduler.IsOverdue(job, now.AddDays(2.1)).ShouldBeTrue();
        scheduler.Alerted("a", now.AddDays(2.1));
        scheduler.IsOverdue(job, now.AddDays(4)).ShouldBeFalse();
        scheduler.IsOverdue(job, now.AddDays(4.2)).ShouldBeTrue();
        scheduler.Started("a", now.AddDays(4.2));
        scheduler.Ended("a", now.AddDays(4.3), 3);
        scheduler.IsOverdue(job, now.AddDays(5)).ShouldBeFalse();
        scheduler.IsOverdue(job, now.AddDays(6.4)).ShouldBeTrue();
    }

    private static List<DateTimeOffset> Starts(Scheduler scheduler, Job job, DateTimeOffset from, DateTimeOffset to, TimeSpan step)
    {
        var starts = new List<DateTimeOffset>();
        for (var now = from; now <= to; now += step)
            if (scheduler.Due([job], now, _ => true).Count > 0)
            {
                starts.Add(now);
                scheduler.Started(job.Name, now);
                scheduler.Ended(job.Name, now, 0);
            }
        return starts;
    }

    internal static Job Job(string schedule, string name = "a", string to = "mirror:/dst") =>
        Sample.Load($"jobs:\n  {name}:\n    from: /src\n    to: {to}\n    schedule: \"{schedule}\"\n").Find(name);

    internal static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
