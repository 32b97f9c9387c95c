using Holdfast.Stores.Disk;
using Holdfast.Testing.Machines;
using Holdfast.Testing.PowerLoss;

namespace Holdfast.Stores.Tests.Disk;

/// <summary>The power goes at every point of some puts and removals, and the disk keeps what it likes of what was not durable.</summary>
public sealed class DiskPowerLossTests
{
    private static readonly byte[] Old = [.. Enumerable.Repeat((byte)1, 5000)];
    private static readonly byte[] New = [.. Enumerable.Repeat((byte)2, 7000)];

    [Fact]
    public async Task ANameIsThereWithAllItsBytesOrNotAtAll()
    {
        using var disk = new TemporaryFolder("/dev/shm");
        var recording = new Recording(disk.Path);
        await using (var store = DiskStore.Open(disk.Path, recording.Open))
        {
            await PutAsync(store, "volume", Old, PutCondition.IfAbsent);
            recording.Log.Mark("volume put");
            await PutAsync(store, "a/b/object", New, PutCondition.IfAbsent);
            recording.Log.Mark("a/b/object put");
            await PutAsync(store, "volume", New, PutCondition.Replace);
            recording.Log.Mark("volume replaced");
            await store.RemoveAsync(ObjectName.Parse("a/b/object"), default);
            await store.FlushAsync(default);
            recording.Log.Mark("a/b/object removed");
        }

        var cases = new PowerLossReplayer(recording.Log).Cases(RandomSeed.Next(), 8).ToList();
        cases.Count.ShouldBeGreaterThan(40);
        foreach (var lost in cases)
            await CheckAsync(lost);
    }

    private static async Task CheckAsync(PowerLossCase lost)
    {
        using var disk = new TemporaryFolder("/dev/shm");
        lost.Image.WriteTo(disk.Folder("disk"));
        await using var store = DiskStore.Open(disk["disk"]);
        var held = new Dictionary<string, byte[]>();
        await foreach (var stat in store.ListAsync(null, default))
            held[stat.Name.Text] = await store.ReadAllAsync(stat.Name, 100_000, default);

        var message = lost.ToString();
        var volume = held.GetValueOrDefault("volume");
        if (volume is not null)
            (volume.SequenceEqual(Old) || volume.SequenceEqual(New)).ShouldBeTrue(message);
        if (held.GetValueOrDefault("a/b/object") is { } second)
            second.ShouldBe(New, message);
        held.Keys.Except(["volume", "a/b/object"]).ShouldBeEmpty(message);

        if (lost.Promises.Contains("volume put"))
            volume.ShouldNotBeNull(message);
        if (lost.Promises.Contains("volume replaced"))
            volume.ShouldBe(New, message);
        if (lost.Promises.Contains("a/b/object put") && !lost.Promises.Contains("volume replaced"))
            held.ShouldContainKey("a/b/object", message);
        if (lost.Promises.Contains("a/b/object removed"))
            held.ShouldNotContainKey("a/b/object", message);

        await PutAsync(store, "next", Old, PutCondition.IfAbsent);
        Directory.GetFiles(disk["disk/tmp~"]).Length.ShouldBe(1, message);
    }

    private static Task PutAsync(DiskStore store, string name, byte[] bytes, PutCondition condition) =>
        store.PutAsync(ObjectName.Parse(name), ObjectBody.Of(bytes), condition, default);
}
