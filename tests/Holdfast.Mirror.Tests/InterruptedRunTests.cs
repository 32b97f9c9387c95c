using Holdfast.Core.Engine;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Sources;
using Holdfast.Mirror.Tests.Scenes;
using Holdfast.Testing.Faults;
using Holdfast.Testing.Machines;

namespace Holdfast.Mirror.Tests;

/// <summary>Ctrl-C in the middle: nothing is committed, and the next run goes on with what was copied.</summary>
public sealed class InterruptedRunTests
{
    private const int Files = 40, Size = 100_000;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task TheNextRunDoesNotCopyAgainWhatWasCopied(bool laterRun)
    {
        using var scene = new Scene();
        if (laterRun)
        {
            scene.Write("first", "1");
            await scene.BackupAsync();
        }
        Fill(scene);
        await BreakOffAsync(scene, atFile: 30);
        Directory.GetDirectories(Path.Combine(scene.Place, "increments")).Count(d => !d.EndsWith(".tmp", StringComparison.Ordinal)).ShouldBe(laterRun ? 1 : 0);

        var report = await scene.BackupAsync();

        report.Counters.BytesDone.ShouldBeLessThan((Files - 20) * Size);
        report.Targets[0].Statistics.BytesAdded.ShouldBeGreaterThanOrEqualTo(Files * Size);
        scene.MirrorShouldBeTheSource();
        File.Exists(Path.Combine(scene.Place, ".holdfast", "progress")).ShouldBeFalse();
        Directory.Exists(Path.Combine(scene.Place, ".holdfast", "leftovers")).ShouldBeFalse();
    }

    [Fact]
    public async Task ASecondInterruptionDoesNotThrowAwayWhatTheFirstLeft()
    {
        using var scene = new Scene();
        Fill(scene);
        await BreakOffAsync(scene, atFile: 30);
        scene.Write("aaa", "something before all the others");
        using (var cancelled = new CancellationTokenSource())
        {
            await cancelled.CancelAsync();
            using var source = new FileTreeSource(scene.Sources, LocalFolders.OpenForReading);
            await Should.ThrowAsync<OperationCanceledException>(
                () => new Backup(source, [scene.Target], TimeProvider.System).RunAsync(scene.Request(), new BackupOptions(), new RunCounters(), cancelled.Token));
        }

        var report = await scene.BackupAsync();

        report.Counters.BytesDone.ShouldBeLessThan((Files - 20) * Size);
        scene.MirrorShouldBeTheSource();
    }

    [Fact]
    public async Task WhatSomebodyPutIntoTheMirrorOutlivesACrashJustBeforeTheCommit()
    {
        using var scene = new Scene();
        scene.Write("file", "1");
        await scene.BackupAsync();
        File.WriteAllText(scene.InMirror("thesis"), "the only copy");
        scene.Write("file", "two");
        var mutations = 0;
        for (var crashAt = 1; ; crashAt++)
        {
            var plan = new FaultPlan();
            plan.CrashAt(crashAt);
            scene.OpenPlace = plan.Open;
            try
            {
                await scene.TryBackupAsync();
            }
            catch (CrashException)
            {
                // As planned.
            }
            scene.OpenPlace = LocalFolders.Open;
            Directory.EnumerateFiles(scene.Place, "thesis", SearchOption.AllDirectories).Select(File.ReadAllText).ShouldContain("the only copy", $"after a crash at change {crashAt}");
            if (!plan.HasCrashed)
                break;
            mutations = crashAt;
        }
        mutations.ShouldBeGreaterThan(10);
    }

    [Fact]
    public async Task AFileThatChangedSinceIsCopiedAnew()
    {
        using var scene = new Scene();
        Fill(scene);
        await BreakOffAsync(scene, atFile: 30);
        var changed = scene.InSource("file05");
        var modified = File.GetLastWriteTimeUtc(changed);
        File.WriteAllBytes(changed, new byte[Size]);
        File.SetLastWriteTimeUtc(changed, modified);

        await scene.BackupAsync();

        scene.MirrorShouldBeTheSource();
    }

    [Fact]
    public async Task NotesThatCannotBeReadOnlyCostTime()
    {
        using var scene = new Scene();
        Fill(scene);
        await BreakOffAsync(scene, atFile: 30);
        var notes = Path.Combine(scene.Place, ".holdfast", "progress");
        var lines = File.ReadAllLines(notes);
        lines.Length.ShouldBeGreaterThan(10);
        var readable = $"nonsense\n\t\t\t\t\t\t\t\n{lines[0]}\n";
        File.WriteAllText(notes, $"{readable}durable\t{readable.Length}\ndurable\tsoon\n{lines[1][..20]}");

        var report = await scene.BackupAsync();

        report.Counters.BytesDone.ShouldBe((Files - 1) * Size);
        scene.MirrorShouldBeTheSource();
    }

    [Fact]
    public async Task WhatWasNotedAfterTheLastCheckpointIsCopiedAgain()
    {
        using var scene = new Scene();
        Fill(scene);
        await BreakOffAsync(scene, atFile: 30);
        var notes = Path.Combine(scene.Place, ".holdfast", "progress");
        var lines = File.ReadAllLines(notes);
        lines[^1].ShouldBe($"durable\t{lines[..^1].Sum(l => l.Length + 1)}");
        File.WriteAllLines(notes, [.. lines[..10], $"durable\t{lines[..8].Sum(l => l.Length + 1)}", .. lines[10..^1]]);

        var report = await scene.BackupAsync();

        report.Counters.BytesDone.ShouldBe((Files - 8) * Size);
        scene.MirrorShouldBeTheSource();
    }

    /// <summary>With each number of inodes another step of the run is the first that finds none.</summary>
    [Fact]
    public async Task ADiskAlmostWithoutInodesIsHelpedByGivingUpWhatWasLeft()
    {
        for (var free = 0; free < 10; free++)
        {
            using var disk = new LoopMount(size: 32 << 20, under: Scenes.Files.Memory);
            using var scene = new Scene(place: Path.Combine(disk.Path, "place"));
            Fill(scene);
            await BreakOffAsync(scene, atFile: 30);
            Directory.Delete(scene.Source, recursive: true);
            for (var i = 0; i < 5; i++)
                scene.Write($"folder/{i}", "other contents");
            Command.Bash("""mkdir "$1" && cd "$1" && ! seq 20000 | xargs touch 2>/dev/null; rm -f $(seq "$2")""", Path.Combine(disk.Path, "junk"), $"{free}");

            await scene.BackupAsync();

            scene.MirrorShouldBeTheSource();
        }
    }

    [Fact]
    public async Task NotesOfMillionsOfFilesAreReadToTheEnd()
    {
        using var scene = new Scene();
        Fill(scene);
        await BreakOffAsync(scene, atFile: 30);
        var notes = Path.Combine(scene.Place, ".holdfast", "progress");
        var lines = File.ReadAllLines(notes)[..^1];
        long written;
        using (var many = new StreamWriter(notes))
        {
            for (var i = 0; i < 500_000; i++)
                many.Write(lines[0].Replace("file", $"{i}-", StringComparison.Ordinal) + "\n");
            many.Write(string.Concat(lines.Select(l => l + "\n")));
            many.Flush();
            written = many.BaseStream.Position;
            many.Write($"durable\t{written}\n");
        }
        written.ShouldBeGreaterThan(64 << 20);

        var report = await scene.BackupAsync();

        report.Counters.BytesDone.ShouldBe((Files - lines.Length) * Size);
        scene.MirrorShouldBeTheSource();
    }

    private static void Fill(Scene scene)
    {
        var random = new Random(1);
        for (var i = 0; i < Files; i++)
        {
            var bytes = new byte[Size];
            random.NextBytes(bytes);
            File.WriteAllBytes(scene.InSource($"file{i:D2}"), bytes);
        }
    }

    /// <summary>Cancels the run when a certain file is read.</summary>
    private static async Task BreakOffAsync(Scene scene, int atFile)
    {
        using var cancel = new CancellationTokenSource();
        var plan = new FaultPlan();
        plan.OnRead(path => path.ToString() == $"file{atFile:D2}", 1, cancel.Cancel);
        using var source = new FileTreeSource(scene.Sources, path => plan.Around(LocalFolders.Open(path)));
        var run = new Backup(source, [scene.Target], TimeProvider.System);
        await Should.ThrowAsync<OperationCanceledException>(
            () => run.RunAsync(scene.Request(), new BackupOptions { Workers = 1 }, new RunCounters(), cancel.Token));
    }
}
