using Holdfast.Core.Engine;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Sources;
using Holdfast.Core.Targets;
using Holdfast.Testing.Faults;
using Holdfast.Testing.Machines;

namespace Holdfast.Mirror.Tests;

public sealed class ReadErrorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task AReadErrorInOneFileDoesNotSpoilTheHashOfTheNext()
    {
        var bytes = new byte[3 * 1024 * 1024];
        new Random(1).NextBytes(bytes);
        var source = _folder.Folder("source");
        File.WriteAllBytes(Path.Combine(source, "a"), bytes);
        File.WriteAllBytes(Path.Combine(source, "b"), bytes);
        var faults = new FaultPlan().Fail(new FaultRule { Operation = FolderOperation.Read, Path = path => path.ToString() == "a", From = 2, Error = Errno.InputOutput });
        using var tree = new FileTreeSource([source], faults.Open);
        var request = new RunRequest { Client = "client", Job = "job", Sources = [source], StateFolder = _folder["state"], Time = DateTimeOffset.UnixEpoch, IsAdHoc = true };
        var target = new MirrorTarget(_folder["place"], LocalFolders.Open);

        var report = await new Backup(tree, [target], TimeProvider.System).RunAsync(request, new BackupOptions { Workers = 1 }, new RunCounters(), CancellationToken.None);

        report.Counters.Failures.Single().Path.ToString().ShouldBe("a");
        using var snapshots = target.OpenSnapshots();
        snapshots.Entries(snapshots.Snapshots[0], EntryPath.From("b"), default).Single().Entry.Content
            .ShouldBe(new ContentId(System.Security.Cryptography.SHA256.HashData(bytes)));
    }

    [Theory]
    [InlineData(5_000)]
    [InlineData(3_000_000)]
    public async Task AFileThatEndsBeforeItsSizeIsNamedAndKeptAsLongAsItWasRead(int size)
    {
        var bytes = new byte[size];
        new Random(1).NextBytes(bytes);
        using var scene = new Scenes.Scene();
        File.WriteAllBytes(scene.InSource("short"), bytes);
        var faults = new FaultPlan();
        faults.EndReadsAt(path => path.ToString() == "short", 1_234);
        scene.OpenSource = path => faults.Around(LocalFolders.Open(path));

        var report = await scene.TryBackupAsync();

        report.Counters.Failures.Single().Path.ToString().ShouldBe("short");
        using var snapshots = scene.Open();
        var entry = snapshots.Entries(snapshots.Snapshots[0], EntryPath.From("short"), default).Single();
        entry.Entry.Size.ShouldBe(1_234);
        entry.Entry.Content.ShouldBe(new ContentId(System.Security.Cryptography.SHA256.HashData(bytes.AsSpan(0, 1_234))));
        using var file = snapshots.Open(entry);
        file.Stat().Size.ShouldBe(1_234);
    }
}
