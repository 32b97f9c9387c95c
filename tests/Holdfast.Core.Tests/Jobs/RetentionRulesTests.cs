using System.Globalization;
using System.Text.Json;
using Holdfast.Core.Jobs;
using Holdfast.Core.Targets;
using Holdfast.Testing.Machines;

namespace Holdfast.Core.Tests.Jobs;

/// <summary>Which snapshots stay: against restic's own answer, and what must hold for any rules and any clocks.</summary>
public sealed class RetentionRulesTests
{
    // Long past: restic counts ages from the newest snapshot that is not in the future, Holdfast from the newest.
    private static readonly DateTimeOffset Start = new(2023, 1, 15, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void TheAnswerIsThatOfRestic()
    {
        Peer.Require("restic");
        var random = new Random(RandomSeed.Next());
        using var temporary = new TemporaryFolder();
        var times = Times(random, 10).Order().ToList();
        Restic(temporary, "init", "-q");
        var tags = times.Select(_ => Tags(random)).ToList();
        foreach (var (time, tag) in times.Zip(tags))
        {
            File.WriteAllText(Path.Combine(temporary.Folder("source"), "a"), "a");
            Restic(temporary, "backup", "-q", "--time", time.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture), "--tag", string.Join(',', tag), temporary["source"]);
        }
        var snapshots = times.Select((t, i) => Make(i + 1, t) with { Tags = tags[i] }).ToList();
        for (var i = 0; i < 6; i++)
        {
            var keep = Rules(random) with { Last = 1 + random.Next(3) };

            var ours = RetentionRules.Decide(snapshots, keep, TimeZoneInfo.Utc).Where(d => d.IsKept).Select(d => d.Snapshot.Time);

            ours.ShouldBe(KeptByRestic(temporary, keep), $"rules {keep} on {string.Join(", ", times)}");
        }
    }

    [Fact]
    public void WhateverTheRulesAndClocksTheNewestStaysAndMoreRulesKeepMore()
    {
        var random = new Random(RandomSeed.Next());
        for (var i = 0; i < 2000; i++)
        {
            var snapshots = Times(random, random.Next(1, 40)).Select((t, n) => Make(n + 1, t) with { Tags = Tags(random) }).ToList();
            var (some, more) = (Rules(random), Rules(random));
            var both = new Retention
            {
                Last = Larger(some.Last, more.Last),
                Hourly = Larger(some.Hourly, more.Hourly),
                Daily = Larger(some.Daily, more.Daily),
                Weekly = Larger(some.Weekly, more.Weekly),
                Monthly = Larger(some.Monthly, more.Monthly),
                Yearly = Larger(some.Yearly, more.Yearly),
                Within = some.Within > more.Within || more.Within is null ? some.Within : more.Within,
                Tags = [.. some.Tags.Union(more.Tags)],
            };

            var kept = Kept(snapshots, some);

            kept.ShouldContain(snapshots[^1].Number);
            kept.Count.ShouldBeGreaterThanOrEqualTo(Math.Min(snapshots.Count, some.Last ?? 0));
            kept.Except(Kept(snapshots, both)).ShouldBeEmpty();
            // Applied again to what is left it forgets nothing more.
            Kept([.. snapshots.Where(s => kept.Contains(s.Number))], some).ShouldBe(kept, ignoreOrder: true);
        }
    }

    [Fact]
    public void AgesCountFromTheNewestSnapshotAndNotFromNow()
    {
        var longAgo = new DateTimeOffset(1999, 1, 1, 0, 0, 0, TimeSpan.Zero);
        Snapshot[] snapshots = [Make(1, longAgo.AddDays(-15)), Make(2, longAgo.AddDays(-13)), Make(3, longAgo)];

        Kept(snapshots, new Retention { Within = TimeSpan.FromDays(14) }).ShouldBe([2, 3]);
    }

    [Fact]
    public void TheNumbersSayWhatIsNewerWhateverTheClockSaid()
    {
        Snapshot[] snapshots = [Make(1, Start.AddYears(10)), Make(2, Start), Make(3, Start.AddHours(1))];

        Kept(snapshots, new Retention { Last = 2 }).ShouldBe([2, 3]);
    }

    [Fact]
    public void DaysBeginInTheZoneThatIsGiven()
    {
        Snapshot[] snapshots = [Make(1, new(2026, 1, 1, 22, 30, 0, TimeSpan.Zero)), Make(2, new(2026, 1, 1, 23, 30, 0, TimeSpan.Zero))];
        var east = TimeZoneInfo.CreateCustomTimeZone("east", TimeSpan.FromHours(1), "east", "east");

        Kept(snapshots, new Retention { Daily = 2 }).ShouldBe([2]);
        RetentionRules.Decide(snapshots, new Retention { Daily = 2 }, east).Where(d => d.IsKept).Select(d => d.Snapshot.Number).ShouldBe([1, 2]);
    }

    private static List<long> Kept(IReadOnlyList<Snapshot> snapshots, Retention keep) =>
        [.. RetentionRules.Decide(snapshots, keep, TimeZoneInfo.Utc).Where(d => d.IsKept).Select(d => d.Snapshot.Number)];

    private static IEnumerable<DateTimeOffset> Times(Random random, int count)
    {
        long[] steps = [3, 40, 600, 1500, 11_000, 50_000];
        return Enumerable.Range(0, count).Select(_ => Start.AddMinutes(random.NextInt64(steps[random.Next(steps.Length)] * 12)).AddSeconds(random.Next(60))).ToList();
    }

    private static Retention Rules(Random random) => new()
    {
        Last = Some(random, 5),
        Hourly = Some(random, 6),
        Daily = Some(random, 6),
        Weekly = Some(random, 5),
        Monthly = Some(random, 5),
        Yearly = Some(random, 3),
        Within = random.Next(3) == 0 ? TimeSpan.FromDays(random.Next(1, 60)) : null,
        Tags = random.Next(2) == 0 ? [] : Tags(random),
    };

    private static IReadOnlyList<string> Tags(Random random) => SnapshotTags.Sorted(Enumerable.Range(0, random.Next(3)).Select(_ => $"tag{random.Next(4)}"));

    private static int? Some(Random random, int most) => random.Next(2) == 0 ? null : random.Next(1, most + 1);

    private static int? Larger(int? a, int? b) => a is null ? b : b is null ? a : Math.Max(a.Value, b.Value);

    private static Snapshot Make(long number, DateTimeOffset time) => new($"{number:D6}", number, time, "here", "test", new SnapshotStatistics());

    private static List<DateTimeOffset> KeptByRestic(TemporaryFolder temporary, Retention keep)
    {
        var arguments = new List<string> { "forget", "--dry-run", "--json" };
        Add("--keep-last", keep.Last?.ToString(CultureInfo.InvariantCulture));
        Add("--keep-hourly", keep.Hourly?.ToString(CultureInfo.InvariantCulture));
        Add("--keep-daily", keep.Daily?.ToString(CultureInfo.InvariantCulture));
        Add("--keep-weekly", keep.Weekly?.ToString(CultureInfo.InvariantCulture));
        Add("--keep-monthly", keep.Monthly?.ToString(CultureInfo.InvariantCulture));
        Add("--keep-yearly", keep.Yearly?.ToString(CultureInfo.InvariantCulture));
        Add("--keep-within", keep.Within is { } within ? $"{(int)within.TotalDays}d" : null);
        foreach (var tag in keep.Tags)
            Add("--keep-tag", tag);
        using var answer = JsonDocument.Parse(Restic(temporary, [.. arguments]));
        return [.. answer.RootElement[0].GetProperty("keep").EnumerateArray().Select(s => s.GetProperty("time").GetDateTimeOffset()).Order()];

        void Add(string option, string? value)
        {
            if (value is not null)
                arguments.AddRange([option, value]);
        }
    }

    private static string Restic(TemporaryFolder temporary, params string[] arguments) =>
        Command.Must("env", ["TZ=UTC", "RESTIC_PASSWORD=x", $"RESTIC_REPOSITORY={temporary["repository"]}", "restic", "--no-cache", .. arguments]).Text;
}
