using Holdfast.Core.Engine;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Sources;
using Holdfast.Core.Targets;
using Holdfast.Library.Tests.Scenes;
using Holdfast.Testing.Faults;
using Holdfast.Testing.Restricted;

namespace Holdfast.Library.Tests;

/// <summary>Phones and cameras behind MTP: whole seconds, other inodes after each plugging in, gone in the middle of a run.</summary>
public sealed class CameraTests
{
    private static readonly Restrictions Mtp = new()
    {
        Name = "fuse",
        NoHardLinks = true,
        NoSymlinks = true,
        NoSpecials = true,
        NoOwners = true,
        NoAttributes = true,
        TimeResolution = 1_000_000_000,
        UnstableIdentity = true,
    };

    [Fact]
    public async Task WhatWasSentIsNotReadAgainAfterTheNextPluggingIn()
    {
        using var scene = new Scene();
        for (var i = 0; i < 10; i++)
            scene.Write($"DCIM/{i}.jpg", $"picture {i}");
        (await UploadAsync(scene, path => new RestrictedFolder(LocalFolders.Open(path), Mtp))).IsComplete.ShouldBeTrue();
        scene.Write("DCIM/new.jpg", "a new one");

        var report = await UploadAsync(scene, path => new RestrictedFolder(LocalFolders.Open(path), Mtp));

        report.IsComplete.ShouldBeTrue();
        report.Counters.FilesDone.ShouldBe(1);
        scene.Files().Count.ShouldBe(11);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(9)]
    public async Task OneThatIsUnpluggedInTheMiddleIsGoneOnWith(int at)
    {
        using var scene = new Scene();
        for (var i = 0; i < 10; i++)
            scene.Write($"DCIM/{i}.jpg", $"picture {i} {new string('x', 5000)}");
        var plan = new FaultPlan();
        plan.Fail(new FaultRule { Operation = FolderOperation.Read, Error = Errno.NoSuchDevice, Path = p => p.ToString().EndsWith(".jpg", StringComparison.Ordinal), From = at, Times = int.MaxValue });

        var report = await UploadAsync(scene, path => new RestrictedFolder(plan.Open(path), Mtp));

        report.IsComplete.ShouldBeFalse();
        report.Counters.FailureCount.ShouldBeGreaterThan(0);
        scene.Files().Values.ShouldAllBe(text => text.Length > 5000);
        (await UploadAsync(scene, path => new RestrictedFolder(LocalFolders.Open(path), Mtp))).IsComplete.ShouldBeTrue();
        scene.Files().Count.ShouldBe(10);
    }

    private static async Task<RunReport> UploadAsync(Scene scene, Func<string, IFolderReader> open)
    {
        using var source = new FileTreeSource([scene.Source()], open);
        var request = new RunRequest { Client = "phone", Job = "camera", Sources = [scene.Source()], StateFolder = scene["state"], Time = TimeProvider.System.GetUtcNow(), IsAdHoc = true };
        return await new Backup(source, [scene.Target], TimeProvider.System).RunAsync(request, new BackupOptions { Workers = 1 }, new RunCounters(), TestContext.Current.CancellationToken);
    }
}
