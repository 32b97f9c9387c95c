using Holdfast.Core.Jobs;
using Holdfast.Core.Targets;
using Holdfast.Testing.Machines;

namespace Holdfast.Core.Tests.Jobs;

public sealed class RetentionForecastTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 10, 0, 0, TimeSpan.Zero);

    [Fact]
    public void WithoutRulesNothingIsForgotten()
    {
        var all = new[] { Snapshot(1, Start) };
        RetentionForecast.Of(all, all, null, TimeZoneInfo.Utc, Start).ShouldBe(KeptUntil.NothingIsForgotten);
        RetentionForecast.Of(all, [], null, TimeZoneInfo.Utc, Start).OutlivesTheNextRun.ShouldBeFalse();
    }

    [Fact]
    public void TheLastOfThreeOutlivesTwoMoreSnapshotsWhenItIsTheNewest()
    {
        var all = Enumerable.Range(1, 4).Select(i => Snapshot(i, Start.AddHours(i))).ToList();
        Of(all, 4, new Retention { Last = 3 }).ShouldBe(new KeptUntil(null, 2));
        Of(all, 2, new Retention { Last = 3 }).OutlivesTheNextRun.ShouldBeFalse();
        Of(all, 1, new Retention { Last = 3 }).OutlivesTheNextRun.ShouldBeFalse();
    }

    [Fact]
    public void TodaysSnapshotMayBeReplacedByTheNextRunOfTheDay()
    {
        var all = new[] { Snapshot(1, Start) };
        Of(all, 1, new Retention { Daily = 7 }, Start.AddHours(1)).OutlivesTheNextRun.ShouldBeFalse();
        Of(all, 1, new Retention { Daily = 7 }, Start.AddDays(1)).Date.ShouldBe(new DateTimeOffset(2026, 1, 8, 0, 0, 0, TimeSpan.Zero));
        Of(all, 1, new Retention { Daily = 1 }, Start.AddDays(1)).OutlivesTheNextRun.ShouldBeFalse();
    }

    [Fact]
    public void WithinCountsFromTheSnapshot()
    {
        var all = new[] { Snapshot(1, Start) };
        Of(all, 1, new Retention { Within = TimeSpan.FromDays(14) }, Start.AddDays(3)).Date.ShouldBe(Start.AddDays(14));
        Of(all, 1, new Retention { Within = TimeSpan.FromDays(14) }, Start.AddDays(15)).OutlivesTheNextRun.ShouldBeFalse();
    }

    [Fact]
    public void ASnapshotThatIsKeptByItsTagStaysForGood()
    {
        var all = new[] { Snapshot(1, Start) with { Tags = ["a", "b"] }, Snapshot(2, Start.AddDays(1)) };
        var keep = new Retention { Last = 1, Tags = ["b"] };
        Of(all, 1, keep).ShouldBe(KeptUntil.NothingIsForgotten);
        Of(all, 1, keep with { Tags = ["c"] }).OutlivesTheNextRun.ShouldBeFalse();
    }

    /// <summary>The rules themselves are the judge: random futures, applied run by run, never take away what was promised.</summary>
    [Fact]
    public void NoFutureTakesAwayWhatWasPromised()
    {
        var seed = RandomSeed.Next();
        var random = new Random(seed);
        var promised = 0;
        foreach (var zone in new[] { TimeZoneInfo.Utc, TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin") })
            for (var round = 0; round < 1500; round++)
            {
                var keep = RandomRetention(random);
                var (all, now) = RandomHistory(random);
                var held = all.Where(_ => random.Next(2) == 0).ToList();
                var until = RetentionForecast.Of(all, held, keep, zone, now);
                if (until.Date is not null || until.Snapshots > 0 || until.Forever)
                    promised++;

                var left = all.ToList();
                for (var run = 1; run <= 60; run++)
                {
                    now += Step(random);
                    left.Add(Snapshot(all[^1].Number + run, now));
                    left = [.. RetentionRules.Decide(left, keep, zone).Where(d => d.IsKept).Select(d => d.Snapshot)];
                    if (run <= until.Snapshots || now < until.Date || until.Forever)
                        left.Any(held.Contains).ShouldBeTrue($"seed {seed}, round {round}: {keep} promised {until}, at {now:O} after run {run}");
                }
            }
        promised.ShouldBeGreaterThan(500);
    }

    private static KeptUntil Of(IReadOnlyList<Snapshot> all, long number, Retention keep, DateTimeOffset? now = null) =>
        RetentionForecast.Of(all, [all.First(s => s.Number == number)], keep, TimeZoneInfo.Utc, now ?? all[^1].Time);

    private static Retention RandomRetention(Random random)
    {
        int? Maybe() => random.Next(3) == 0 ? random.Next(1, 5) : null;
        var keep = new Retention { Last = Maybe(), Hourly = Maybe(), Daily = Maybe(), Weekly = Maybe(), Monthly = Maybe(), Yearly = Maybe(), Within = random.Next(3) == 0 ? TimeSpan.FromHours(random.Next(1, 500)) : null, Tags = random.Next(5) == 0 ? ["a"] : [] };
        return keep.KeepsNothing ? keep with { Last = 2 } : keep;
    }

    private static (List<Snapshot> All, DateTimeOffset Now) RandomHistory(Random random)
    {
        var time = Start.AddMinutes(random.Next(1_000_000));
        var all = new List<Snapshot>();
        for (var i = 1; i <= random.Next(1, 12); i++)
            all.Add(Snapshot(i, time += Step(random)) with { Tags = random.Next(8) == 0 ? ["a", "b"] : [] });
        return (all, time + (random.Next(2) == 0 ? TimeSpan.Zero : Step(random)));
    }

    private static TimeSpan Step(Random random) => random.Next(5) switch
    {
        0 => TimeSpan.FromSeconds(1),
        1 => TimeSpan.FromMinutes(random.Next(1, 200)),
        2 => TimeSpan.FromHours(random.Next(1, 60)),
        3 => TimeSpan.FromDays(random.Next(1, 20)),
        _ => TimeSpan.FromDays(random.Next(1, 200)),
    };

    private static Snapshot Snapshot(long number, DateTimeOffset time) => new($"{number:D6}", number, time, "client", "job", new SnapshotStatistics());
}
