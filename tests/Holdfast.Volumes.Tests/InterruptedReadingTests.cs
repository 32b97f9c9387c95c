using Holdfast.Core.Targets;
using Holdfast.Testing.Machines;
using Holdfast.Volumes.Codec;
using Holdfast.Volumes.Codec.Children;
using Holdfast.Volumes.Tests.Scenes;

namespace Holdfast.Volumes.Tests;

/// <summary>Whoever wants a reading command to end need not wait until a program that hangs counts as hung.</summary>
public sealed class InterruptedReadingTests : IDisposable
{
    private readonly Scene _scene = new("/dev/shm");
    private readonly CancellationTokenSource _interruption = new();

    public InterruptedReadingTests()
    {
        File.WriteAllBytes(Path.Combine(_scene.Source, "file"), new byte[400_000]);
        _scene.Options = new VolumeOptions { Compression = Compression.Xz, Passphrase = Passphrase.Of("secret"), Patience = TimeSpan.FromHours(1) };
    }

    public void Dispose()
    {
        _scene.Dispose();
        _interruption.Dispose();
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task ARestoreEndsAtOnceWhenItIsInterrupted(bool isGpg)
    {
        await _scene.GoodBackupAsync();
        Hang(isGpg);
        await ShouldEndAsync(() => _scene.RestoreAsync());
        (Directory.Exists(_scene["out"]) ? Directory.GetFileSystemEntries(_scene["out"]) : []).ShouldBeEmpty("nothing half-done stays");
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task ACheckEndsAtOnceWhenItIsInterrupted(bool isGpg)
    {
        await _scene.GoodBackupAsync();
        Hang(isGpg);
        var findings = new List<CheckFinding>();
        await ShouldEndAsync(() => _scene.Target.VerifyAsync(new VerifyOptions { Purpose = "test" }, findings.Add, new VerifyCounters(), _interruption.Token));
        findings.ShouldBeEmpty("a volume that could not be read to its end is not damaged");
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task ReadingVolumesWithoutADatabaseEndsAtOnceWhenItIsInterrupted(bool isRepair)
    {
        await _scene.GoodBackupAsync();
        _scene.LoseDatabase();
        Hang(isGpg: true);
        await ShouldEndAsync(async () =>
        {
            if (isRepair)
                await _scene.Target.RepairRecordAsync("test", TimeSpan.Zero, _interruption.Token);
            else
                _scene.Target.OpenSnapshots().Dispose();
        });
        _scene.Options = _scene.Options with { Programs = ChildPrograms.Usual, Interruption = CancellationToken.None };
        _scene.ShouldEqualSource(await _scene.RestoreAsync());
    }

    /// <summary>From now on the program takes everything, gives nothing and does not end.</summary>
    private void Hang(bool isGpg)
    {
        var script = _scene["hangs"];
        File.WriteAllText(script, $"#!/bin/sh\n: > '{_scene["started"]}'\ncat > /dev/null\nexec sleep 3600\n");
        Command.Must("chmod", "+x", script);
        _scene.Options = _scene.Options with { Programs = isGpg ? new ChildPrograms(script, "xz") : new ChildPrograms("gpg", script), Interruption = _interruption.Token };
    }

    private async Task ShouldEndAsync(Func<Task> command)
    {
        var running = Task.Run(command);
        for (var i = 0; i < 6000 && !File.Exists(_scene["started"]) && !running.IsCompleted; i++)
            await Task.Delay(10);
        await _interruption.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => running.WaitAsync(TimeSpan.FromMinutes(2)));
    }
}
