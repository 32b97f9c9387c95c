using Holdfast.Core.Catalog;
using Holdfast.Testing.Machines;

namespace Holdfast.Core.Tests.Catalog;

/// <summary>What the catalog holds in memory: counted for the whole process, so nothing else may run meanwhile.</summary>
[Collection(nameof(Alone))]
public sealed class CatalogMemoryTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 3, 0, 0, TimeSpan.Zero);
    private readonly TemporaryFolder _state = new();

    public void Dispose() => _state.Dispose();

    [Fact]
    public void MemoryDoesNotGrowWithTheNumberOfEntries()
    {
        // A million with HOLDFAST_LARGE=1; otherwise enough that keeping them would show.
        var count = Environment.GetEnvironmentVariable("HOLDFAST_LARGE") == "1" ? 1_000_000 : 100_000;
        using var catalog = CatalogDatabase.Open(_state.Path);
        var most = 0L;
        IEnumerable<(string, string)> Many()
        {
            for (var i = 0; i < count; i++)
            {
                if (i % 20_000 == 19_999)
                    most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true));
                yield return ($"folder-{i / 1000:D6}/a file with a name of usual length {i:D8}", $"{i}");
            }
        }
        var before = GC.GetTotalMemory(forceFullCollection: true);

        catalog.CatchUp("place", new ListedSnapshots(Many()), Now, default);

        (most - before).ShouldBeLessThan(8 * 1024 * 1024);
        catalog.CopiesOf(ListedSnapshots.Content($"{count - 1}")).Count.ShouldBe(1);
    }

    [CollectionDefinition(nameof(Alone), DisableParallelization = true)]
    public sealed class Alone;
}
