using Holdfast.Mirror.Tests.Scenes;
using Holdfast.Testing.Machines;

namespace Holdfast.Mirror.Tests;

/// <summary>The cache of the newest snapshot is only a cache: lost or damaged, the plan is the same.</summary>
public sealed class HeadCacheTests : IDisposable
{
    private readonly Scene _scene = new(Files.Memory);

    public void Dispose() => _scene.Dispose();

    [Fact]
    public async Task HoweverTheCacheIsCutOffOrAlteredTheNextRunAddsNothing()
    {
        var random = new Random(RandomSeed.Next());
        for (var i = 0; i < 30; i++)
            _scene.Write($"{i % 3}/{i}", $"contents {i}");
        await _scene.BackupAsync();
        for (var i = 0; i < 60; i++)
        {
            var head = Directory.GetFiles(Path.Combine(_scene.State, "places"), "head", SearchOption.AllDirectories).Single();
            var bytes = await File.ReadAllBytesAsync(head, TestContext.Current.CancellationToken);
            if (i % 2 == 0)
                bytes = bytes[..random.Next(bytes.Length)];
            else
                bytes[random.Next(bytes.Length)] ^= (byte)random.Next(1, 256);
            await File.WriteAllBytesAsync(head, bytes, TestContext.Current.CancellationToken);

            var report = await _scene.BackupAsync();

            report.Targets[0].Snapshot.ShouldBeNull();
            report.Targets[0].Remarks.ShouldBeEmpty();
        }
        _scene.MirrorShouldBeTheSource();
    }
}
