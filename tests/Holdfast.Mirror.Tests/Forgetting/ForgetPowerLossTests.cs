using System.Collections.Concurrent;
using Holdfast.Mirror.Tests.PowerLoss;
using Holdfast.Mirror.Tests.Scenes;
using Holdfast.Testing.Machines;
using Holdfast.Testing.PowerLoss;

namespace Holdfast.Mirror.Tests.Forgetting;

/// <summary>Wherever the power goes while snapshots are forgotten: the others can be read as they are, and the next run completes it.</summary>
public sealed class ForgetPowerLossTests : IDisposable
{
    private static readonly bool Soak = Environment.GetEnvironmentVariable("HOLDFAST_SOAK") is { Length: > 0 };

    private readonly TemporaryFolder _disk = new(Files.Memory);
    private readonly ForgetScene _forget;

    public ForgetPowerLossTests() => _forget = new ForgetScene(_disk.Folder("place"));

    public void Dispose()
    {
        _forget.Dispose();
        _disk.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(1, 2, 3)]
    [InlineData(1, 3)]
    public async Task WhatStaysIsExactWhereverThePowerGoes(params int[] goes)
    {
        var violations = await ViolationsAsync(goes, withBarriers: true);

        violations.Take(3).ShouldBeEmpty($"{violations.Count} cases");
    }

    [Fact]
    public async Task WithoutItsBarriersTheProofFails() => (await ViolationsAsync([2, 3], withBarriers: false)).ShouldNotBeEmpty();

    private async Task<IReadOnlyList<string>> ViolationsAsync(int[] goes, bool withBarriers)
    {
        await _forget.BuildAsync();
        var recording = new Recording(_disk.Path);
        _forget.Scene.OpenPlace = path => withBarriers ? recording.Open(path) : new BarrierlessFolder(recording.Open(path));
        await _forget.ForgetAsync(goes);
        recording.Log.Mark("done");

        var found = new ConcurrentQueue<string>();
        var count = 0;
        var cases = new PowerLossReplayer(recording.Log).Cases(RandomSeed.Next(), Soak ? 24 : 4);
        await Parallel.ForEachAsync(cases, async (lost, _) =>
        {
            Interlocked.Increment(ref count);
            try
            {
                await CheckAsync(lost, goes);
            }
            catch (Exception e)
            {
                found.Enqueue($"{lost}: {e.Message}");
            }
        });
        count.ShouldBeGreaterThan(50);
        TestContext.Current.TestOutputHelper?.WriteLine($"{count} cases");
        return [.. found];
    }

    private async Task CheckAsync(PowerLossCase lost, int[] goes)
    {
        using var disk = new TemporaryFolder(Files.Memory);
        lost.Image.WriteTo(disk.Folder("disk"));
        using var scene = new Scene(Files.Memory, disk["disk/place"]) { Sources = _forget.Scene.Sources, Clock = _forget.Scene.Clock };
        Command.Must("cp", "-a", _forget.Scene.State, scene.State);

        _forget.CheckLeft(scene, goes, "when the power is back");
        if (lost.Promises.Contains("done"))
            Snapshots(scene).ShouldBe(4 - goes.Length);
        await scene.BackupAsync();

        _forget.CheckLeft(scene, goes, "after the next run");
        Directory.GetFileSystemEntries(Path.Combine(scene.Place, "increments")).ShouldAllBe(path => path.EndsWith('Z'));
    }

    private static int Snapshots(Scene scene)
    {
        using var snapshots = scene.Open();
        return snapshots.Snapshots.Count;
    }
}
