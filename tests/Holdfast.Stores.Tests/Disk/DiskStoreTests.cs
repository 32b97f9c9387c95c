using Holdfast.Stores.Disk;
using Holdfast.Stores.Tests.Conformance;
using Holdfast.Testing.Machines;

namespace Holdfast.Stores.Tests.Disk;

public sealed class DiskStoreTests : StoreConformance
{
    private readonly TemporaryFolder _folder = new("/dev/shm");

    [Fact]
    public async Task AnObjectIsAFileThatOnlyItsOwnerMayRead()
    {
        await PutAsync("a/b", [1]);
        Command.Must("stat", "-c", "%a", _folder["a"], _folder["a/b"]).Text.ShouldBe("700\n400\n");
        File.ReadAllBytes(_folder["a/b"]).ShouldBe([1]);
    }

    [Fact]
    public async Task AStoreThatIsGoneIsNeverAnEmptyList()
    {
        Directory.Delete(_folder.Path, recursive: true);
        (await FailureAsync(() => ListAsync(null))).ShouldBe(StoreErrorKind.NoStore);
        (await FailureAsync(() => ListAsync("a"))).ShouldBe(StoreErrorKind.NoStore);
        (await FailureAsync(() => Store.TryStatAsync(Name("a"), default))).ShouldBe(StoreErrorKind.NoStore);
        (await FailureAsync(() => ReadAsync("a"))).ShouldBe(StoreErrorKind.NoStore);
        (await FailureAsync(() => PutAsync("a", [1]))).ShouldBe(StoreErrorKind.NoStore);
        Should.Throw<StoreException>(() => DiskStore.Open(_folder.Path)).Reason.ShouldBe(StoreErrorKind.NoStore);
    }

    [Fact]
    public async Task WhatHasNoNameOfAnObjectIsNotListed()
    {
        await PutAsync("a", [1]);
        Directory.CreateDirectory(_folder["lost+found"]);
        File.WriteAllText(_folder["read me.txt"], "");
        Command.Must("mkfifo", _folder["fifo"]);
        File.CreateSymbolicLink(_folder["link"], "a");
        (await ListAsync(null)).Select(o => o.Name.Text).ShouldBe(["a"]);
        (await FailureAsync(() => ReadAsync("fifo"))).ShouldBe(StoreErrorKind.NotFound);
        (await FailureAsync(() => ReadAsync("link"))).ShouldBe(StoreErrorKind.NotFound);
    }

    [Fact]
    public async Task WhatADeadPutLeftIsRemovedByTheNextAndALivingOneIsLeftAlone()
    {
        Directory.CreateDirectory(_folder["tmp~"]);
        File.WriteAllText(_folder["tmp~/0123.1"], "half");
        File.WriteAllText(_folder["tmp~/4567.1"], "half");
        File.WriteAllText(_folder["tmp~/4567.lock"], "");
        using (var living = Command.Start("flock", ["-n", _folder["tmp~/89ab.lock"], "sh", "-c", "echo ready; cat"]))
        {
            (await living.StandardOutput.ReadLineAsync()).ShouldBe("ready");
            File.WriteAllText(_folder["tmp~/89ab.1"], "still being written");
            await PutAsync("a", [1]);
            Staged().Where(n => n is "0123.1" or "4567.1" or "4567.lock" or "89ab.1").ShouldBe(["89ab.1"]);
            living.StandardInput.Close();
            await living.WaitForExitAsync();
        }
        await Store.DisposeAsync();
        Staged().ShouldBe(["89ab.1", "89ab.lock"]);
    }

    [Fact]
    public async Task AnObjectIsNoFolderOfOthers()
    {
        await PutAsync("a", [1]);
        (await FailureAsync(() => PutAsync("a/b", [1]))).ShouldBe(StoreErrorKind.Failed);
    }

    protected override Task<IStore> OpenAsync() => Task.FromResult<IStore>(DiskStore.Create(_folder.Path));

    protected override Task CloseAsync()
    {
        _folder.Dispose();
        return Task.CompletedTask;
    }

    private IEnumerable<string> Staged() => Directory.GetFiles(_folder["tmp~"]).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal);
}
