using Holdfast.Testing.Machines;

namespace Holdfast.Mirror.Tests.Soak;

/// <summary>
/// A job with two disks that take turns, over years: random edits, forgetting, crashes at random moments, disks that are away,
/// lost caches and clocks that jump, on real file systems. A model, what the source was at each commit, judges every snapshot.
/// </summary>
public sealed class SoakTests
{
    private static int Runs => Environment.GetEnvironmentVariable("HOLDFAST_SOAK") is { Length: > 0 } ? 500 : 20;

    [Theory]
    [InlineData("ext4")]
    [InlineData("btrfs")]
    [InlineData("xfs")]
    [InlineData("exfat")]
    public async Task EverySnapshotOfBothDisksIsTheSourceOfItsTime(string fileSystem)
    {
        var seed = RandomSeed.Next();
        var random = new Random(seed);
        using var job = new RotatingJob(fileSystem, random);
        for (var run = 1; run <= Runs; run++)
            try
            {
                await job.StepAsync(run);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                throw new InvalidOperationException($"Run {run} on {fileSystem} with seed {seed}: {e.Message}", e);
            }
        await job.EndAsync();
        TestContext.Current.TestOutputHelper?.WriteLine($"{fileSystem}, seed {seed}: {job.Figures}");
        if (Runs >= 100)
            job.ShouldSatisfyAllConditions(() => job.Crashes.ShouldBeGreaterThan(0), () => job.Forgotten.ShouldBeGreaterThan(0));
    }
}
