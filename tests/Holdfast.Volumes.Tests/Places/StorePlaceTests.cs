using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Stores;
using Holdfast.Stores.Decorators;
using Holdfast.Stores.Disk;
using Holdfast.Stores.Retrying;
using Holdfast.Testing.Machines;
using Holdfast.Volumes.Places;

namespace Holdfast.Volumes.Tests.Places;

/// <summary>A place in a store, with a disk as the store and faults in front of it.</summary>
public sealed class StorePlaceTests : IDisposable
{
    private static readonly VolumeName Volume = new(1, new DateTimeOffset(2026, 11, 20, 2, 0, 0, TimeSpan.Zero), ".zst");
    private static readonly ObjectName Lock = ObjectName.Parse(".holdfast/lock");
    private static readonly byte[] Bytes = RandomBytes(3_000_000);

    private readonly TemporaryFolder _folder = new("/dev/shm");
    private readonly StepTime _time = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void AVolumeIsThereWhenItIsPublishedAndNotBefore()
    {
        using var place = Place();
        using (var staged = Stage(place))
        {
            place.List().ShouldBeEmpty();
            staged.Publish(default);
        }
        place.List().ShouldBe([Volume]);
        File.ReadAllBytes(_folder[$"store/{Volume}"]).ShouldBe(Bytes);
        Directory.GetFiles(_folder["local"], "*.tar*", SearchOption.AllDirectories).ShouldBeEmpty();
    }

    [Fact]
    public void AVolumeIsReadLikeAFileInAnyOrder()
    {
        using var place = Place();
        using (var staged = Stage(place))
            staged.Publish(default);
        using var file = place.Open(Volume);
        file.Stat().Size.ShouldBe(Bytes.Length);
        var buffer = new byte[100_000];
        foreach (var position in (int[])[0, 100_000, 250_000, 50_000, 2_900_000, 2_950_000, 2_999_999, 1])
        {
            var got = file.Read(position, buffer);
            buffer.AsSpan(0, got).SequenceEqual(Bytes.AsSpan(position, Math.Min(100_000, Bytes.Length - position))).ShouldBeTrue($"at {position}");
        }
        file.Read(Bytes.Length, buffer).ShouldBe(0);
    }

    [Fact]
    public void AVolumeThatIsNotReadBackAsItWasPutIsRemovedAgain()
    {
        using var place = Place(store => new FaultyStore(store, c => c.Verb == StoreVerb.Open ? StoreFault.WrongBytes : StoreFault.None, _time));
        using (var staged = Stage(place))
            Should.Throw<HoldfastException>(() => staged.Publish(default)).Message.ShouldContain("not what was put");
        place.List().ShouldBeEmpty();
    }

    [Fact]
    public void AVolumeWhoseAnswerWasLostIsPublishedAllTheSame()
    {
        var puts = 0;
        using var place = Place(store => new RetryingStore(new FaultyStore(store, c => c.Verb == StoreVerb.Put && puts++ == 0 ? StoreFault.After : StoreFault.None, _time), new Backoff { Time = _time }));
        using (var staged = Stage(place))
            staged.Publish(default);
        place.List().ShouldBe([Volume]);
    }

    [Fact]
    public void AVolumeReplacesNone()
    {
        using var place = Place();
        File.WriteAllText(_folder[$"store/{Volume}"], "another");
        using (var staged = Stage(place))
            Should.Throw<StoreException>(() => staged.Publish(default)).Reason.ShouldBe(StoreErrorKind.Exists);
        File.ReadAllText(_folder[$"store/{Volume}"]).ShouldBe("another");
    }

    [Fact]
    public async Task OneRunAtATime()
    {
        using var place = Place();
        using var other = Place(local: "other");
        using (await LockAsync(place))
            (await Should.ThrowAsync<HoldfastException>(() => LockAsync(other))).Kind.ShouldBe(ErrorKind.Locked);
        using (await LockAsync(other))
            File.ReadAllText(_folder[$"store/{Lock}"]).ShouldContain("a test, process");
        File.Exists(_folder[$"store/{Lock}"]).ShouldBeFalse();
    }

    [Fact]
    public async Task TheLockOfADeadRunIsRemovedByTheSameMachineAtOnceAndByAnotherAfterWatching()
    {
        using var place = Place();
        using var other = Place(local: "other");
        byte[] left;
        using (await LockAsync(place))
            left = File.ReadAllBytes(_folder[$"store/{Lock}"]);

        File.WriteAllBytes(_folder[$"store/{Lock}"], left);
        (await Should.ThrowAsync<HoldfastException>(() => LockAsync(other))).Kind.ShouldBe(ErrorKind.Locked);
        (await Should.ThrowAsync<HoldfastException>(() => other.LockAsync("a test", TimeSpan.FromMinutes(9), default))).Kind.ShouldBe(ErrorKind.Locked);
        (await LockAsync(place)).Dispose();

        File.WriteAllBytes(_folder[$"store/{Lock}"], left);
        (await other.LockAsync("a test", TimeSpan.FromMinutes(11), default)).Dispose();
    }

    [Fact]
    public async Task WhoLostTheLockPublishesAndRemovesNothing()
    {
        using var place = Place();
        using var held = await LockAsync(place);
        File.Delete(_folder[$"store/{Lock}"]);
        File.WriteAllText(_folder[$"store/{Lock}"], "somebody\n0\nelse\n");
        using (var staged = Stage(place))
            Should.Throw<HoldfastException>(() => staged.Publish(default)).Kind.ShouldBe(ErrorKind.Locked);
        Should.Throw<HoldfastException>(() => place.Remove(Volume)).Kind.ShouldBe(ErrorKind.Locked);
        place.List().ShouldBeEmpty();
    }

    private static IStagedVolume Stage(StorePlace place)
    {
        var staged = place.Stage(Volume);
        staged.Output.Write(Bytes);
        staged.Complete();
        return staged;
    }

    private static Task<IDisposable> LockAsync(StorePlace place) => place.LockAsync("a test", TimeSpan.Zero, default);

    private StorePlace Place(Func<IStore, IStore>? around = null, string local = "local")
    {
        var store = DiskStore.Create(_folder.Folder("store"));
        return new StorePlace(around?.Invoke(store) ?? store, LocalFolders.Open(_folder.Folder(local)), _time, default);
    }

    private static byte[] RandomBytes(int length)
    {
        var bytes = new byte[length];
        new Random(1).NextBytes(bytes);
        return bytes;
    }
}
