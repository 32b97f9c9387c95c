using Holdfast.Testing.Machines;

namespace Holdfast.Stores.Tests.Conformance;

/// <summary>The contract of a store, as tests. A class for each store and each decorator derives from it.</summary>
public abstract class StoreConformance : IAsyncLifetime
{
    private IStore? _store;

    /// <summary>The store under test, empty at first.</summary>
    protected IStore Store => _store!;

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _store = await OpenAsync();

    public async ValueTask DisposeAsync()
    {
        if (_store is not null)
            await _store.DisposeAsync();
        await CloseAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Opens an empty store.</summary>
    protected abstract Task<IStore> OpenAsync();

    protected virtual Task CloseAsync() => Task.CompletedTask;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(131_072)]
    [InlineData(1_000_003)]
    [InlineData(20_000_000)]
    public async Task WhatWasPutIsReadListedAndFound(int length)
    {
        var bytes = Random(length);
        await PutAsync("data/ab/object", bytes);
        await Store.FlushAsync(Token);

        (await ReadAsync("data/ab/object")).ShouldBe(bytes);
        (await Store.TryStatAsync(Name("data/ab/object"), Token)).ShouldNotBeNull().Size.ShouldBe(length);
        (await ListAsync(null)).ShouldHaveSingleItem().ShouldSatisfyAllConditions(o => o.Name.ShouldBe(Name("data/ab/object")), o => o.Size.ShouldBe(length));
    }

    [Fact]
    public async Task ABodyOfUnknownLengthIsStoredWhole()
    {
        var bytes = Random(3_000_000);
        await Store.PutAsync(Name("a"), ObjectBody.Once(new MemoryStream(bytes)), PutCondition.Replace, Token);
        (await ReadAsync("a")).ShouldBe(bytes);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task ABodyOfAnotherLengthThanItsOwnWordLeavesNothing(int more)
    {
        var body = ObjectBody.Once(new MemoryStream(new byte[1000 + more]), 1000);
        await Should.ThrowAsync<StoreException>(() => Store.PutAsync(Name("a"), body, PutCondition.Replace, Token));
        (await ListAsync(null)).ShouldBeEmpty();
    }

    [Fact]
    public async Task ABodyThatBreaksOffLeavesNothingAndSaysItsOwnReason()
    {
        var body = ObjectBody.Once(new BreakingStream(200_000, () => new InvalidDataException("the source broke")));
        (await Should.ThrowAsync<InvalidDataException>(() => Store.PutAsync(Name("a"), body, PutCondition.Replace, Token))).Message.ShouldBe("the source broke");
        (await ListAsync(null)).ShouldBeEmpty();
        (await Store.TryStatAsync(Name("a"), Token)).ShouldBeNull();
    }

    [Fact]
    public async Task ACancelledPutLeavesWhatWasThere()
    {
        await PutAsync("a", [1, 2, 3]);
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var body = ObjectBody.Once(new BreakingStream(200_000, () =>
        {
            cancel.Cancel();
            return new OperationCanceledException(cancel.Token);
        }));
        await Should.ThrowAsync<OperationCanceledException>(() => Store.PutAsync(Name("a"), body, PutCondition.Replace, cancel.Token));
        (await ReadAsync("a")).ShouldBe([1, 2, 3]);
    }

    [Fact]
    public async Task ATakenNameIsNotPutAgain()
    {
        await PutAsync("a", [1]);
        (await FailureAsync(() => PutAsync("a", [2], PutCondition.IfAbsent))).ShouldBe(StoreErrorKind.Exists);
        (await ReadAsync("a")).ShouldBe([1]);
    }

    [Fact]
    public async Task ReplacingGivesTheNewBytesAndAnotherVersion()
    {
        await PutAsync("a", [1]);
        var before = await Store.TryStatAsync(Name("a"), Token);
        await PutAsync("a", [2]);
        (await ReadAsync("a")).ShouldBe([2]);
        (await Store.TryStatAsync(Name("a"), Token))!.Version.ShouldNotBe(before!.Version);
    }

    [Fact]
    public async Task OfManyThatPutOneNameAtOnceOneSucceeds()
    {
        var won = await Task.WhenAll(Enumerable.Range(0, 8).Select(async i =>
        {
            try
            {
                await PutAsync("a", [(byte)i], PutCondition.IfAbsent);
                return i;
            }
            catch (StoreException e) when (e.Reason == StoreErrorKind.Exists)
            {
                return -1;
            }
        }));
        var winner = won.Where(i => i >= 0).ShouldHaveSingleItem();
        (await ReadAsync("a")).ShouldBe([(byte)winner]);
    }

    [Theory]
    [InlineData(0, 10)]
    [InlineData(3, 4)]
    [InlineData(9, 1)]
    [InlineData(5, 0)]
    [InlineData(10, 0)]
    [InlineData(4, null)]
    [InlineData(10, null)]
    public async Task ARangeGivesExactlyItsBytes(int offset, int? length)
    {
        byte[] bytes = [.. Enumerable.Range(0, 10).Select(i => (byte)i)];
        await PutAsync("a", bytes);
        await using var content = await Store.OpenAsync(Name("a"), new ByteRange(offset, length), Token);
        var expected = bytes.AsSpan(offset, length ?? 10 - offset).ToArray();
        content.Length.ShouldBe(expected.Length);
        (await AllOf(content.Bytes)).ShouldBe(expected);
    }

    [Theory]
    [InlineData(0, 11)]
    [InlineData(9, 2)]
    [InlineData(10, 1)]
    [InlineData(11, 0)]
    [InlineData(11, null)]
    public async Task AShortRangeIsAnError(int offset, int? length)
    {
        await PutAsync("a", new byte[10]);
        (await FailureAsync(async () => (await Store.OpenAsync(Name("a"), new ByteRange(offset, length), Token)).Bytes.ReadByte())).ShouldBe(StoreErrorKind.Short);
    }

    [Fact]
    public async Task WhatIsNotThereIsNotFound()
    {
        await PutAsync("a/b", [1]);
        foreach (var name in (string[])["x", "x/y", "a/c", "a"])
        {
            (await FailureAsync(() => ReadAsync(name))).ShouldBe(StoreErrorKind.NotFound);
            (await Store.TryStatAsync(Name(name), Token)).ShouldBeNull();
            await Store.RemoveAsync(Name(name), Token);
        }
        (await ReadAsync("a/b")).ShouldBe([1]);
    }

    [Fact]
    public async Task WhatWasRemovedIsGone()
    {
        await PutAsync("a/b", [1]);
        await PutAsync("a/c", [2]);
        await Store.RemoveAsync(Name("a/b"), Token);
        await Store.FlushAsync(Token);
        (await FailureAsync(() => ReadAsync("a/b"))).ShouldBe(StoreErrorKind.NotFound);
        (await ListAsync(null)).Select(o => o.Name.Text).ShouldBe(["a/c"]);
        await PutAsync("a/b", [3], PutCondition.IfAbsent);
        (await ReadAsync("a/b")).ShouldBe([3]);
    }

    [Fact]
    public async Task AListHoldsAFolderAndNothingBesideIt()
    {
        string[] names = ["a/1", "a/2/3", "a.b/1", "ab/1", "a-1", "z", ".holdfast/place.json"];
        foreach (var name in names)
            await PutAsync(name, [1]);
        (await ListAsync(null)).Select(o => o.Name.Text).ShouldBe(names, ignoreOrder: true);
        (await ListAsync("a")).Select(o => o.Name.Text).ShouldBe(["a/1", "a/2/3"], ignoreOrder: true);
        (await ListAsync("a/2")).Select(o => o.Name.Text).ShouldBe(["a/2/3"]);
        (await ListAsync("nothing")).ShouldBeEmpty();
    }

    [Fact]
    public async Task ALongNameIsHeld()
    {
        var name = string.Join('/', Enumerable.Repeat(new string('n', 199), 4));
        await PutAsync(name, [1]);
        (await ListAsync(null)).ShouldHaveSingleItem().Name.Text.ShouldBe(name);
    }

    [Fact]
    public async Task ManyAtOnceAreAllKept()
    {
        var seed = RandomSeed.Next();
        await Parallel.ForEachAsync(Enumerable.Range(0, 60), Token, async (i, _) => await PutAsync($"d{i % 7}/{i}", Random(1000 + i, seed + i)));
        (await ListAsync(null)).Count.ShouldBe(60);
        for (var i = 0; i < 60; i++)
            (await ReadAsync($"d{i % 7}/{i}")).ShouldBe(Random(1000 + i, seed + i));
    }

    protected static ObjectName Name(string text) => ObjectName.Parse(text);

    protected static byte[] Random(int length, int seed = 1)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    protected Task PutAsync(string name, byte[] bytes, PutCondition condition = PutCondition.Replace) =>
        Store.PutAsync(Name(name), ObjectBody.Of(bytes), condition, Token);

    protected Task<byte[]> ReadAsync(string name) => Store.ReadAllAsync(Name(name), int.MaxValue, Token);

    protected async Task<List<ObjectStat>> ListAsync(string? folder) =>
        await Store.ListAsync(folder is null ? null : Name(folder), Token).ToListAsync(Token);

    protected static async Task<StoreErrorKind> FailureAsync(Func<Task> call) => (await Should.ThrowAsync<StoreException>(call)).Reason;

    private static async Task<byte[]> AllOf(Stream stream)
    {
        using var memory = new MemoryStream();
        await stream.CopyToAsync(memory, Token);
        return memory.ToArray();
    }
}
