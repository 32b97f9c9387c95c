using System.Reflection;
using Holdfast.Core.Engine;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Sources;
using Holdfast.Core.Targets;
using Holdfast.Mirror.Tests.Scenes;
using Holdfast.Testing.Faults;
using Holdfast.Testing.Trees;

namespace Holdfast.Mirror.Tests;

/// <summary>One reading for several targets, of which not all need the bytes.</summary>
public sealed class SeveralTargetsTests
{
    private const int Size = 3_000_000;

    public static TheoryData<string> WaysNotToNeedTheBytes => ["moved", "chmodded", "touched by ctime alone"];

    /// <summary>A target that knows the contents under another name is told of the file without its bytes: they must be these.</summary>
    [Theory]
    [MemberData(nameof(WaysNotToNeedTheBytes))]
    public async Task AFileThatChangesWhileItIsReadForOneTargetIsRightInTheOtherToo(string way)
    {
        using var scene = new Scene();
        var file = scene.InSource("file");
        File.WriteAllBytes(file, Bytes(1));
        await scene.BackupAsync();
        switch (way)
        {
            case "moved":
                File.Move(file, file = scene.InSource("renamed"));
                break;
            case "chmodded":
                File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherExecute);
                break;
            default:
                File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.OtherExecute | UnixFileMode.UserWrite);
                File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
                break;
        }
        var second = new MirrorTarget(scene.Temporary["second"], LocalFolders.Open);
        var plan = new FaultPlan();
        // The contents in doubt are hashed first (3 reads), so the edit comes when the bytes are read for the new target.
        var name = Path.GetFileName(file);
        plan.OnRead(path => path.ToString() == name, way == "touched by ctime alone" || way == "chmodded" ? 5 : 2, () => File.WriteAllBytes(file, Bytes(2)));
        using var source = new FileTreeSource(scene.Sources, path => plan.Around(LocalFolders.Open(path)));

        var report = await new Backup(source, [scene.Target, second], TimeProvider.System)
            .RunAsync(scene.Request() with { Time = scene.Clock.AddHours(1) }, new BackupOptions { Workers = 1 }, new RunCounters(), TestContext.Current.CancellationToken);

        report.Targets.ShouldAllBe(t => t.Failure == null);
        File.ReadAllBytes(file).ShouldBe(Bytes(2), "the file was altered during the run");
        Rsync.Differences(scene.Source, scene.Mirror).ShouldBeEmpty();
        Rsync.Differences(scene.Source, scene.Temporary["second/mirror"]).ShouldBeEmpty();
        using var snapshots = scene.Open();
        SnapshotState.Differences(snapshots, snapshots.Snapshots[^1], TreeState.Read(scene.Source)).ShouldBeEmpty();
        scene.Findings().ShouldBeEmpty();
    }

    [Fact]
    public async Task ATargetThatCannotEndItsRunKeepsNoOtherLocked()
    {
        using var scene = new Scene();
        File.WriteAllText(scene.InSource("file"), "one");
        var broken = new EndingBadly(new MirrorTarget(scene.Temporary["second"], LocalFolders.Open));
        using (var source = new FileTreeSource(scene.Sources, LocalFolders.OpenForReading))
            await Should.ThrowAsync<IOException>(() => new Backup(source, [broken, scene.Target], TimeProvider.System)
                .RunAsync(scene.Request(), new BackupOptions(), new RunCounters(), TestContext.Current.CancellationToken));

        (await scene.BackupAsync()).Targets[0].Failure.ShouldBeNull();
    }

    private sealed class EndingBadly(IBackupTarget target) : IBackupTarget
    {
        public string Name => target.Name;

        public async Task<IBackupRun> BeginAsync(RunRequest request, CancellationToken cancellationToken)
        {
            var run = DispatchProxy.Create<IBackupRun, Run>();
            ((Run)(object)run).Inner = await target.BeginAsync(request, cancellationToken);
            return run;
        }

        /// <summary>Does what the run does, and fails behind its end.</summary>
        public class Run : DispatchProxy
        {
            public IBackupRun? Inner { get; set; }

            protected override object? Invoke(MethodInfo? method, object?[]? arguments)
            {
                var answer = method!.Invoke(Inner, arguments);
                return method.Name == nameof(IAsyncDisposable.DisposeAsync) ? throw new IOException("the disk went") : answer;
            }
        }
    }

    private static byte[] Bytes(int seed)
    {
        var bytes = new byte[Size];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
