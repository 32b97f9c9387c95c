using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Sources.Rules;
using Holdfast.Core.Targets;
using Holdfast.Mirror.History;
using Holdfast.Mirror.Tests.Forgetting;
using Holdfast.Mirror.Tests.Reading;
using Holdfast.Mirror.Verifying;
using Holdfast.Testing.Faults;
using Holdfast.Testing.Machines;

namespace Holdfast.Mirror.Tests.Verifying;

/// <summary>Forgetting changes no date: every file of every snapshot that stays was read back when it was read back.</summary>
public sealed class CarriedDatesTests
{
    [Fact]
    public async Task WhateverIsForgottenOfARandomPastTheDatesOfWhatStaysAreAsTheyWere()
    {
        for (var round = 0; round < 8; round++)
        {
            var random = new Random(RandomSeed.Next());
            using var past = await RandomPast.MakeAsync(random, runs: 6);
            await ReadSomeAsync(past.Scene.Target, random);
            var then = Dates(past.Scene.Place);
            then.Values.ShouldContain(date => date != null);

            await past.Scene.Target.ForgetAsync(all => [.. all.SkipLast(1).Where(_ => random.Next(2) == 0)], "test", TimeSpan.Zero, CancellationToken.None);
            ShouldBeAsThey(then, Dates(past.Scene.Place));
            var mask = RuleList.Parse([new RuleText("a")]);
            await past.Scene.Target.ForgetPathsAsync(mask, _ => { }, dryRun: false, "test", TimeSpan.Zero, CancellationToken.None);

            ShouldBeAsThey(then, Dates(past.Scene.Place));
        }
    }

    [Fact]
    public async Task WhereverItsProcessDiesToo()
    {
        using var forget = new ForgetScene();
        await forget.BuildAsync();
        await ReadSomeAsync(forget.Scene.Target, new Random(RandomSeed.Next()));
        var then = Dates(forget.Scene.Place);
        var saved = forget.Save();
        var done = false;
        for (var mutation = 1; !done; mutation++)
        {
            forget.Bring(saved);
            try
            {
                await new MirrorTarget(forget.Scene.Place, new FaultPlan().CrashAt(mutation).Open).ForgetAsync(all => [all[0], all[2]], "test", TimeSpan.Zero, CancellationToken.None);
                done = true;
            }
            catch (CrashException)
            {
                ShouldBeAsThey(then, Dates(forget.Scene.Place));
            }
            await forget.Scene.Target.ForgetAsync(all => [], "test", TimeSpan.Zero, CancellationToken.None);
            ShouldBeAsThey(then, Dates(forget.Scene.Place));
        }
    }

    private static async Task ReadSomeAsync(MirrorTarget target, Random random)
    {
        var clock = new HandClock();
        for (var i = 0; i < 4; i++)
        {
            await target.VerifyAsync(new VerifyOptions { Share = random.NextDouble() * 0.3, Purpose = "test", Time = clock, Workers = 1 }, f => throw new InvalidOperationException(f.ToString()), new VerifyCounters(), CancellationToken.None);
            clock.Now += TimeSpan.FromDays(1);
        }
    }

    private static void ShouldBeAsThey(Dictionary<(long Snapshot, EntryPath Path), DateTimeOffset?> then, Dictionary<(long Snapshot, EntryPath Path), DateTimeOffset?> now)
    {
        now.ShouldNotBeEmpty();
        now.Where(n => n.Value != then[n.Key]).Select(n => $"{n.Key}: {n.Value}, not {then[n.Key]}").ShouldBeEmpty();
    }

    /// <summary>Of every file of every snapshot.</summary>
    private static Dictionary<(long Snapshot, EntryPath Path), DateTimeOffset?> Dates(string path)
    {
        using var place = LocalFolders.Open(path);
        var increments = Increment.List(place);
        var dates = VerifiedDates.Read(place, increments);
        return increments
            .SelectMany((increment, i) => RecordMerge.State(place, [.. increments.Take(i + 1)], isNewest: i == increments.Count - 1, CancellationToken.None).Select(e => (increment.Number, Found: e)))
            .Where(x => x.Found.Entry.Type == EntryType.File)
            .ToDictionary(x => (x.Number, x.Found.Entry.Path), x => dates.Of(x.Found.Version, x.Found.Entry.Path));
    }
}
