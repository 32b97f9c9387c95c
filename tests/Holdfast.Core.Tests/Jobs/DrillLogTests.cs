using Holdfast.Core.Jobs.Reports;
using Holdfast.Testing.Machines;

namespace Holdfast.Core.Tests.Jobs;

public sealed class DrillLogTests
{
    [Fact]
    public void DrillsThatEndAtOnceAreAllWrittenDownAndCanBeReadMeanwhile()
    {
        using var folder = new TemporaryFolder();
        var first = new Drill("mirror:/0", DateTimeOffset.UnixEpoch, "1", 1, 0);
        DrillLog.Add(folder.Path, first);
        Parallel.For(1, 33, i =>
        {
            DrillLog.Add(folder.Path, first with { Target = $"mirror:/{i}" });
            DrillLog.Last(folder.Path)["mirror:/0"].ShouldBe(first);
        });
        DrillLog.Last(folder.Path).Count.ShouldBe(33);
    }
}
