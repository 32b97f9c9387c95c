using Holdfast.Core.Targets;
using Holdfast.Stores.Decorators;
using Holdfast.Volumes.Codec;
using Holdfast.Volumes.Tests.Scenes;

namespace Holdfast.Volumes.Tests;

/// <summary>A network that hangs: whoever wants a reading command to end need not wait until the store is given up.</summary>
public sealed class HangingStoreTests : IDisposable
{
    private readonly Scene _scene = new("/dev/shm");
    private readonly CancellationTokenSource _interruption = new();
    private readonly TaskCompletionSource _hangs = new();
    private Func<StoreCall, StoreFault> _plan = _ => StoreFault.None;

    public HangingStoreTests()
    {
        File.WriteAllBytes(Path.Combine(_scene.Source, "file"), new byte[4_000_000]);
        _scene.Options = new VolumeOptions { Compression = Compression.None, Interruption = _interruption.Token };
        _scene.OpenTarget = () => new VolumesTarget(new FaultyOpening(_scene, call => _plan(call)), _scene.Options, _scene.State, TimeProvider.System);
    }

    public void Dispose()
    {
        _scene.Dispose();
        _interruption.Dispose();
    }

    public static TheoryData<StoreVerb, StoreFault> Cases => new()
    {
        { StoreVerb.List, StoreFault.Hangs },
        { StoreVerb.Stat, StoreFault.Hangs },
        { StoreVerb.Open, StoreFault.Hangs },
        { StoreVerb.Open, StoreFault.Stalls },
    };

    [Theory, MemberData(nameof(Cases))]
    public async Task ARestoreEndsAtOnceWhenItIsInterrupted(StoreVerb verb, StoreFault fault)
    {
        await _scene.GoodBackupAsync();
        await ShouldEndAsync(verb, fault, () => _scene.RestoreAsync());
        (Directory.Exists(_scene["out"]) ? Directory.GetFileSystemEntries(_scene["out"]) : []).ShouldBeEmpty("nothing half-done stays");
        _scene.ShouldEqualSource(await _scene.RestoreAsync());
    }

    [Theory, MemberData(nameof(Cases))]
    public async Task ACheckEndsAtOnceWhenItIsInterruptedAndFindsNothing(StoreVerb verb, StoreFault fault)
    {
        await _scene.GoodBackupAsync();
        var findings = new List<CheckFinding>();
        await ShouldEndAsync(verb, fault, () => _scene.Target.VerifyAsync(new VerifyOptions { Purpose = "test" }, findings.Add, new VerifyCounters(), _interruption.Token));
        findings.ShouldBeEmpty("a volume that could not be read to its end is not damaged");
        _scene.Findings().ShouldBeEmpty();
    }

    [Theory, MemberData(nameof(Cases))]
    public async Task ReadingVolumesWithoutADatabaseEndsAtOnceWhenItIsInterrupted(StoreVerb verb, StoreFault fault)
    {
        await _scene.GoodBackupAsync();
        _scene.LoseDatabase();
        await ShouldEndAsync(verb, fault, () => Task.Run(() => _scene.Target.OpenSnapshots().Dispose()));
        _scene.ShouldEqualSource(await _scene.RestoreAsync());
    }

    private async Task ShouldEndAsync(StoreVerb verb, StoreFault fault, Func<Task> command)
    {
        _plan = call =>
        {
            if (call.Verb != verb || (fault == StoreFault.Stalls && call.Name?.Text.Contains(".tar", StringComparison.Ordinal) != true))
                return StoreFault.None;
            _hangs.TrySetResult();
            return fault;
        };
        var running = Task.Run(command);
        await Task.WhenAny(_hangs.Task, running).WaitAsync(TimeSpan.FromMinutes(2));
        await _interruption.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => running.WaitAsync(TimeSpan.FromMinutes(2)));
        _plan = _ => StoreFault.None;
        _scene.Options = _scene.Options with { Interruption = CancellationToken.None };
    }
}
