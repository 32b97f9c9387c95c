using Holdfast.Stores.Decorators;
using Holdfast.Stores.Disk;
using Holdfast.Stores.Retrying;
using Holdfast.Testing.Machines;

namespace Holdfast.Stores.Tests.Decorators;

public sealed class DecoratorTests : IAsyncDisposable
{
    private static readonly ObjectName Name = ObjectName.Parse("a/b");
    private static readonly Backoff AtOnce = new() { First = TimeSpan.FromMilliseconds(1), Longest = TimeSpan.FromMilliseconds(1), Tries = 3 };

    private readonly TemporaryFolder _folder = new("/dev/shm");
    private readonly DiskStore _disk;

    public DecoratorTests() => _disk = DiskStore.Create(_folder.Path);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _disk.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task ReadOnlyPutsAndRemovesNothing()
    {
        await PutAsync(_disk, 1);
        var store = new ReadOnlyStore(_disk);
        (await FailureAsync(() => PutAsync(store, 2))).ShouldBe(StoreErrorKind.Denied);
        (await FailureAsync(() => store.RemoveAsync(Name, Token))).ShouldBe(StoreErrorKind.Denied);
        (await ReadAsync(store)).ShouldBe([1]);
    }

    [Fact]
    public async Task AppendOnlyTakesNewObjectsAndKeepsOldOnes()
    {
        var store = new AppendOnlyStore(_disk, name => name.Text.StartsWith("locks/", StringComparison.Ordinal));
        await PutAsync(store, 1);
        (await FailureAsync(() => PutAsync(store, 2))).ShouldBe(StoreErrorKind.Denied);
        (await FailureAsync(() => store.RemoveAsync(Name, Token))).ShouldBe(StoreErrorKind.Denied);
        (await ReadAsync(store)).ShouldBe([1]);
        await store.PutAsync(ObjectName.Parse("locks/x"), ObjectBody.Of(new byte[1]), PutCondition.Replace, Token);
        await store.RemoveAsync(ObjectName.Parse("locks/x"), Token);
        (await _disk.ListAsync(null, Token).ToListAsync(Token)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task AThrottleLetsNoMoreThroughThanAllowed()
    {
        var time = new StepTime();
        var store = new ThrottledStore(_disk, Holdfast.Core.Jobs.RateTimetable.Always(1_000_000), Holdfast.Core.Jobs.RateTimetable.Always(500_000), time);
        await store.PutAsync(Name, ObjectBody.Of(new byte[3_000_000]), PutCondition.Replace, Token);
        time.Waited.TotalSeconds.ShouldBeInRange(2.7, 3.01);
        await store.ReadAllAsync(Name, int.MaxValue, Token);
        time.Waited.TotalSeconds.ShouldBeInRange(8.2, 9.02);
    }

    [Fact]
    public async Task AThrottleIsOpenAtTheTimesThatHaveNoLimit()
    {
        var time = new StepTime();
        var store = new ThrottledStore(_disk, Holdfast.Core.Jobs.RateTimetable.Parse("00:00,off"), Holdfast.Core.Jobs.RateTimetable.Parse("00:00,1k"), time);
        await store.PutAsync(Name, ObjectBody.Of(new byte[10_000]), PutCondition.Replace, Token);
        time.Waited.ShouldBe(TimeSpan.Zero);
        await store.ReadAllAsync(Name, int.MaxValue, Token);
        time.Waited.TotalSeconds.ShouldBeGreaterThan(9);
    }

    [Fact]
    public async Task ALimitLetsNoMoreCallsThroughAtOnce()
    {
        var atOnce = 0;
        var most = 0;
        var inner = new FaultyStore(_disk, _ => StoreFault.None, TimeProvider.System);
        var store = new LimitedStore(new Counting(inner, () => InterlockedMax(ref most, Interlocked.Increment(ref atOnce)), () => Interlocked.Decrement(ref atOnce)), 3);
        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => store.PutAsync(ObjectName.Parse($"{i}"), ObjectBody.Of(new byte[1000]), PutCondition.Replace, Token)));
        most.ShouldBeInRange(1, 3);
        store.Traits.Parallelism.ShouldBe(3);
    }

    [Fact]
    public async Task AMeterCountsCallsAndBytes()
    {
        var store = new MeteredStore(_disk);
        await store.PutAsync(Name, ObjectBody.Of(new byte[1234]), PutCondition.Replace, Token);
        await store.ReadAsync(Name, 1000, new byte[200], Token);
        await store.ListAsync(null, Token).ToListAsync(Token);
        (store.BytesWritten, store.BytesRead).ShouldBe((1234, 200));
        Enum.GetValues<StoreVerb>().Select(store.Calls).ShouldBe([1, 0, 1, 1, 0, 0]);
    }

    [Fact]
    public async Task ARecordHoldsTheCallsInOrderAndTheirFailures()
    {
        var store = new RecordingStore(_disk);
        await PutAsync(store, 1);
        await store.FlushAsync(Token);
        await Should.ThrowAsync<StoreException>(() => store.OpenAsync(ObjectName.Parse("x"), ByteRange.All, Token));
        store.Calls.Select(c => (c.Call.Verb, c.Failure is null)).ShouldBe([(StoreVerb.Put, true), (StoreVerb.Flush, true), (StoreVerb.Open, false)]);
    }

    [Theory]
    [InlineData(StoreFault.Before)]
    [InlineData(StoreFault.After)]
    public async Task AFailureThatStaysEndsAfterTheGivenTries(StoreFault fault)
    {
        var record = new RecordingStore(new FaultyStore(_disk, _ => fault, TimeProvider.System));
        (await FailureAsync(() => PutAsync(new RetryingStore(record, AtOnce), 1))).ShouldBe(StoreErrorKind.Unavailable);
        record.Calls.Count.ShouldBe(3);
    }

    [Fact]
    public async Task WhatARetryDoesNotMendIsNotTriedAgain()
    {
        var record = new RecordingStore(_disk);
        (await FailureAsync(() => ReadAsync(new RetryingStore(record, AtOnce)))).ShouldBe(StoreErrorKind.NotFound);
        record.Calls.Count.ShouldBe(1);
    }

    [Fact]
    public async Task ANameThatSomebodyElseTookBetweenTwoTriesStaysHis()
    {
        var failed = false;
        var faulty = new FaultyStore(_disk, c => c.Verb == StoreVerb.Put && !failed ? StoreFault.Before : StoreFault.None, TimeProvider.System);
        var store = new RetryingStore(faulty, AtOnce with
        {
            Failed = (_, _) =>
            {
                failed = true;
                PutAsync(_disk, 9).GetAwaiter().GetResult();
            },
        });
        (await FailureAsync(() => PutAsync(store, 1, PutCondition.IfAbsent))).ShouldBe(StoreErrorKind.Exists);
        (await ReadAsync(_disk)).ShouldBe([9]);
    }

    [Fact]
    public async Task AnObjectThatWasReplacedWhileItsReadBrokeOffIsNotMixed()
    {
        await _disk.PutAsync(Name, ObjectBody.Of(new byte[1_000_000]), PutCondition.Replace, Token);
        var opened = 0;
        var faulty = new FaultyStore(_disk, c => c.Verb == StoreVerb.Open && opened++ == 0 ? StoreFault.BreaksOff : StoreFault.None, TimeProvider.System);
        var store = new RetryingStore(faulty, AtOnce with
        {
            Failed = (_, _) => _disk.PutAsync(Name, ObjectBody.Of(new byte[1_000_000]), PutCondition.Replace, default).GetAwaiter().GetResult(),
        });
        (await FailureAsync(() => store.ReadAllAsync(Name, int.MaxValue, Token))).ShouldBe(StoreErrorKind.Changed);
    }

    [Fact]
    public async Task FaultsAreWhatTheirNamesSay()
    {
        var fault = StoreFault.None;
        var store = new FaultyStore(_disk, _ => fault, TimeProvider.System);
        await store.PutAsync(Name, ObjectBody.Of(new byte[10]), PutCondition.Replace, Token);
        await store.PutAsync(ObjectName.Parse("c"), ObjectBody.Of(new byte[10]), PutCondition.Replace, Token);
        (await store.ListAsync(null, Token).ToListAsync(Token)).Count.ShouldBe(2);

        fault = StoreFault.WrongBytes;
        (await ReadAsync(store)).ShouldNotBe(new byte[10]);
        fault = StoreFault.CutList;
        (await store.ListAsync(null, Token).ToListAsync(Token)).Count.ShouldBe(1);
        fault = StoreFault.Torn;
        (await FailureAsync(() => store.PutAsync(Name, ObjectBody.Of(new byte[10]), PutCondition.Replace, Token))).ShouldBe(StoreErrorKind.Unavailable);
        (await ReadAsync(_disk)).Length.ShouldBe(5);
        fault = StoreFault.None;
        await store.ListAsync(null, Token).ToListAsync(Token);
        await store.RemoveAsync(Name, Token);
        fault = StoreFault.StaleList;
        (await store.ListAsync(null, Token).ToListAsync(Token)).Count.ShouldBe(2);
    }

    [Fact]
    public void WaitsGrowToALimitAndAreNeverNothing()
    {
        var backoff = new Backoff();
        Enumerable.Range(0, 9).Select(i => backoff.WaitAfter(i, 1).TotalSeconds).ShouldBe([0.5, 1, 2, 4, 8, 16, 30, 30, 30]);
        backoff.WaitAfter(40, 0).ShouldBe(TimeSpan.FromSeconds(15));
    }

    private static Task PutAsync(IStore store, byte value, PutCondition condition = PutCondition.Replace) =>
        store.PutAsync(Name, ObjectBody.Of(new[] { value }), condition, Token);

    private static Task<byte[]> ReadAsync(IStore store) => store.ReadAllAsync(Name, 1000, Token);

    private static async Task<StoreErrorKind> FailureAsync(Func<Task> call) => (await Should.ThrowAsync<StoreException>(call)).Reason;

    private static void InterlockedMax(ref int most, int value)
    {
        for (var seen = Volatile.Read(ref most); value > seen && Interlocked.CompareExchange(ref most, value, seen) != seen; seen = Volatile.Read(ref most))
        {
            // Somebody else raised it meanwhile.
        }
    }

    private sealed class Counting(IStore inner, Action begin, Action end) : StoreDecorator(inner)
    {
        public override async Task PutAsync(ObjectName name, ObjectBody body, PutCondition condition, CancellationToken cancellationToken)
        {
            begin();
            await Task.Yield();
            await Inner.PutAsync(name, body, condition, cancellationToken);
            end();
        }
    }
}
