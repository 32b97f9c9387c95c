using Holdfast.Core.Model;
using Holdfast.Stores.Decorators;
using Holdfast.Volumes.Tests.Scenes;

namespace Holdfast.Volumes.Tests;

/// <summary>
/// A store that fails once, at every call of a run in turn, before or after its effect: no volume under its name that is not whole,
/// no record of a file that is in none, and the next run is good.
/// </summary>
public sealed class StoreFaultTests : IDisposable
{
    private readonly Scene _scene = new("/dev/shm") { Options = new VolumeOptions { Compression = Codec.Compression.None, Split = 3, VolumeSize = 150_000 } };
    private Func<StoreCall, StoreFault> _plan = _ => StoreFault.None;

    public StoreFaultTests()
    {
        _scene.OpenTarget = () => new VolumesTarget(new FaultyOpening(_scene, call => _plan(call)), _scene.Options, _scene.State, TimeProvider.System);
        var random = new Random(1);
        for (var i = 0; i < 6; i++)
        {
            var bytes = new byte[i == 3 ? 300_000 : 20_000];
            random.NextBytes(bytes);
            File.WriteAllBytes(Path.Combine(_scene.Source, $"file {i}"), bytes);
        }
    }

    public void Dispose() => _scene.Dispose();

    [Theory, InlineData(StoreFault.Before), InlineData(StoreFault.After), InlineData(StoreFault.BreaksOff), InlineData(StoreFault.WrongBytes)]
    public async Task WhicheverCallFailsThePlaceAndTheRecordAgree(StoreFault fault)
    {
        await _scene.GoodBackupAsync();
        var failed = 0;
        for (var at = 1; ; at++)
        {
            at.ShouldBeLessThan(200);
            await File.WriteAllTextAsync(Path.Combine(_scene.Source, "changes"), $"contents {at}");
            var calls = 0;
            _plan = _ => Interlocked.Increment(ref calls) == at ? fault : StoreFault.None;
            var succeeded = await BackupAsync();
            failed += succeeded ? 0 : 1;
            _plan = _ => StoreFault.None;
            if (calls < at)
                break;
            if (at % 4 == 0)
                _scene.LoseDatabase();
            _scene.Findings().ShouldBeEmpty($"after {fault} at call {at}");
            _scene.ShouldEqualSource(await RestoreAfterGoodRunAsync(at, succeeded));
        }
        failed.ShouldBeGreaterThan(2);
    }

    private async Task<bool> BackupAsync()
    {
        try
        {
            return (await _scene.BackupAsync()).Targets[0].Failure is null;
        }
        catch (HoldfastException)
        {
            return false; // It did not even begin.
        }
    }

    private async Task<string> RestoreAfterGoodRunAsync(int at, bool succeeded)
    {
        if (!succeeded)
            await _scene.GoodBackupAsync();
        return await _scene.RestoreAsync($"out {at}");
    }
}
