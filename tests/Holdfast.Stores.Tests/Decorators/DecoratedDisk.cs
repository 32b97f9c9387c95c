using Holdfast.Stores.Decorators;
using Holdfast.Stores.Disk;
using Holdfast.Stores.Retrying;
using Holdfast.Stores.Tests.Conformance;
using Holdfast.Testing.Machines;

namespace Holdfast.Stores.Tests.Decorators;

/// <summary>The contract of a store, for a disk behind a decorator.</summary>
public abstract class DecoratedDisk : StoreConformance
{
    private readonly TemporaryFolder _folder = new("/dev/shm");

    protected static Backoff AtOnce { get; } = new() { First = TimeSpan.FromMilliseconds(1), Longest = TimeSpan.FromMilliseconds(1), Tries = 40 };

    protected override Task<IStore> OpenAsync() => Task.FromResult(Decorate(DiskStore.Create(_folder.Path)));

    protected override Task CloseAsync()
    {
        _folder.Dispose();
        return Task.CompletedTask;
    }

    protected abstract IStore Decorate(IStore disk);
}

public sealed class ThrottledDiskTests : DecoratedDisk
{
    protected override IStore Decorate(IStore disk) => new ThrottledStore(disk, Holdfast.Core.Jobs.RateTimetable.Always(1L << 32), Holdfast.Core.Jobs.RateTimetable.Always(1L << 32), TimeProvider.System);
}

public sealed class LimitedDiskTests : DecoratedDisk
{
    protected override IStore Decorate(IStore disk) => new LimitedStore(disk, 1);
}

public sealed class AppendOnlyDiskTests : DecoratedDisk
{
    protected override IStore Decorate(IStore disk) => new AppendOnlyStore(disk, _ => true);
}

public sealed class ReadOnlyDiskTests : DecoratedDisk
{
    protected override IStore Decorate(IStore disk) => new ReadThrough(disk, new ReadOnlyStore(disk));

    // Read through one store, changed through another.
    private sealed class ReadThrough(IStore disk, IStore reader) : StoreDecorator(disk)
    {
        public override Task<ObjectContent> OpenAsync(ObjectName name, ByteRange range, CancellationToken cancellationToken) => reader.OpenAsync(name, range, cancellationToken);

        public override Task<ObjectStat?> TryStatAsync(ObjectName name, CancellationToken cancellationToken) => reader.TryStatAsync(name, cancellationToken);

        public override IAsyncEnumerable<ObjectStat> ListAsync(ObjectName? folder, CancellationToken cancellationToken) => reader.ListAsync(folder, cancellationToken);
    }
}

public sealed class MeteredDiskTests : DecoratedDisk
{
    protected override IStore Decorate(IStore disk) => new MeteredStore(disk);
}

public sealed class RecordedDiskTests : DecoratedDisk
{
    protected override IStore Decorate(IStore disk) => new RecordingStore(disk);
}

public sealed class FaultyDiskTests : DecoratedDisk
{
    protected override IStore Decorate(IStore disk) => new FaultyStore(disk, _ => StoreFault.None, TimeProvider.System);
}

/// <summary>Most calls fail, before or after their effect or in the middle, and nobody notices.</summary>
public sealed class RetriedFaultyDiskTests : DecoratedDisk
{
    private static readonly StoreFault[] Faults = [StoreFault.Before, StoreFault.After, StoreFault.BreaksOff, StoreFault.None];
    private int _calls;

    protected override IStore Decorate(IStore disk) => new RetryingStore(new FaultyStore(disk, Plan, TimeProvider.System), AtOnce);

    // What is never tried again does not fail here.
    private StoreFault Plan(StoreCall call) =>
        call.Verb == StoreVerb.Flush || call is { Verb: StoreVerb.Put, CanReplay: false } ? StoreFault.None : Faults[Interlocked.Increment(ref _calls) % Faults.Length];
}
