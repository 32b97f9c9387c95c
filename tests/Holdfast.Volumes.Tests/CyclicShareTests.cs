using Holdfast.Core.Engine;
using Holdfast.Volumes.Run;
using Holdfast.Volumes.Tests.Scenes;
using FsCheck;
using FsCheck.Fluent;

namespace Holdfast.Volumes.Tests;

public sealed class CyclicShareTests
{
    [Fact]
    public void WhatIsSavedAgainIsTheOldestShareAndEverythingThatWaitedTooLong() => Prop.ForAll(
        ArbMap.Default.ArbFor<PositiveInt>(), ArbMap.Default.ArbFor<NonNegativeInt[]>(), ArbMap.Default.ArbFor<NonNegativeInt>(),
        (PositiveInt split, NonNegativeInt[] saved, NonNegativeInt changed) =>
        {
            const long run = 40;
            var entries = saved.Select(s => run - 1 - s.Get % 39).ToList();
            var share = new CyclicShare(split.Get, run);
            for (var i = 0; i < changed.Get; i++)
                share.CountChanged();
            entries.ForEach(share.Count);
            var taken = entries.Select(share.Takes).ToList();

            // The rule as a sentence, worked out by sorting.
            var least = Math.Min(entries.Count, (int)Math.Ceiling((entries.Count + changed.Get) / (double)split.Get));
            var oldest = entries.Index().OrderBy(e => e.Item).ThenBy(e => e.Index).Take(least).Select(e => e.Index).ToHashSet();
            return entries.Index().All(e => taken[e.Index] == (oldest.Contains(e.Index) || run - e.Item >= split.Get));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public async Task AfterSplitRunsTheFirstVolumeIsNoLongerNeededThoughMostOfTheOldestFilesAreGone()
    {
        // 100 files, split 5, the 68 oldest gone: the naive share is used up by what is gone.
        using var scene = new Scene("/dev/shm") { Options = new VolumeOptions { Compression = Codec.Compression.None, Split = 5, KeepDeleted = TimeSpan.FromDays(2) } };
        for (var i = 0; i < 100; i++)
            File.WriteAllText(Path.Combine(scene.Source, $"file {i:D3}"), $"contents {i}");
        await scene.GoodBackupAsync();
        for (var i = 0; i < 68; i++)
            File.Delete(Path.Combine(scene.Source, $"file {i:D3}"));
        for (var run = 2; run <= 6; run++)
            await scene.GoodBackupAsync();
        scene.Target.Spare().Select(s => s.Number).ShouldContain(1);
        await scene.ForgetAsync();
        scene.VolumeFiles.Count.ShouldBeLessThanOrEqualTo(5);
        scene.ShouldEqualSource(await scene.RestoreAsync());
    }

    [Fact]
    public async Task EveryRunSavesAboutTheSameShare()
    {
        using var scene = new Scene("/dev/shm") { Options = new VolumeOptions { Compression = Codec.Compression.None, Split = 4 } };
        for (var i = 0; i < 40; i++)
            File.WriteAllText(Path.Combine(scene.Source, $"file {i:D3}"), $"contents {i}");
        await scene.GoodBackupAsync();
        for (var run = 2; run <= 9; run++)
            (await scene.GoodBackupAsync()).Targets[0].Statistics.Again.ShouldBeInRange(10, 12);
    }

    [Fact]
    public async Task TheCopyOfADeletedFileHoldsItsVolumeUntilItIsOldAndThreeRunsCameAfter()
    {
        using var scene = new Scene("/dev/shm") { Options = new VolumeOptions { Compression = Codec.Compression.None, Split = 1, KeepDeleted = TimeSpan.FromDays(5) } };
        File.WriteAllText(Path.Combine(scene.Source, "goes"), "one");
        File.WriteAllText(Path.Combine(scene.Source, "stays"), "two");
        await scene.GoodBackupAsync();
        File.Delete(Path.Combine(scene.Source, "goes"));
        var neededFor = 0;
        for (var run = 2; run <= 10; run++)
        {
            await scene.GoodBackupAsync();
            neededFor += scene.Target.Spare().Any(s => s.Number == 1) ? 0 : 1;
        }
        // Found gone on the second day, kept to the seventh.
        neededFor.ShouldBe(6);
        using (var snapshots = scene.Target.OpenSnapshots())
            snapshots.Snapshots.Count.ShouldBe(10);

        scene.Options = scene.Options with { KeepDeleted = TimeSpan.Zero };
        File.Delete(Path.Combine(scene.Source, "stays"));
        await scene.GoodBackupAsync();
        scene.Target.Spare().ShouldNotContain(s => s.Number == 10, "three runs have not come after");
        for (var run = 12; run <= 14; run++)
            await scene.GoodBackupAsync(new BackupOptions { AllowDeletions = true });
        scene.Target.Spare().ShouldContain(s => s.Number == 10);
    }
}
