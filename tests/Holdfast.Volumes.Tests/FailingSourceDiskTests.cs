using Holdfast.Testing.Machines;
using Holdfast.Volumes.Tests.Scenes;

namespace Holdfast.Volumes.Tests;

/// <summary>Bytes that turn on the source's disk, where nothing says that the file was written to.</summary>
public sealed class FailingSourceDiskTests
{
    [Fact]
    public async Task AFileSavedAgainWithOtherBytesIsNamed()
    {
        using var disk = new LoopMount("ext4", size: 4L << 20, under: "/dev/shm");
        using var scene = new Scene("/dev/shm") { Source = Directory.CreateDirectory(Path.Combine(disk.Path, "source")).FullName };
        scene.Options = scene.Options with { Split = 1 };
        await File.WriteAllTextAsync(Path.Combine(scene.Source, "good"), "good");
        await File.WriteAllTextAsync(Path.Combine(scene.Source, "turned"), new string('x', 5000));
        await scene.GoodBackupAsync();
        disk.Unmount();
        var image = Path.Combine(Path.GetDirectoryName(disk.Path)!, "image");
        var bytes = await File.ReadAllBytesAsync(image);
        bytes[bytes.AsSpan().IndexOf("xxxxxxxx"u8)] ^= 1;
        await File.WriteAllBytesAsync(image, bytes);
        disk.Mount();

        var report = await scene.GoodBackupAsync();

        report.Targets[0].Remarks.ShouldHaveSingleItem().ShouldStartWith("'turned' has other bytes");
        (await File.ReadAllTextAsync(Path.Combine(await scene.RestoreAsync(newest: 2), "turned"))).ShouldBe(new string('x', 5000));
    }
}
