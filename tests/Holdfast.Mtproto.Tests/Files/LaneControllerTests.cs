using Holdfast.Mtproto.Files;

namespace Holdfast.Mtproto.Tests;

public sealed class LaneControllerTests
{
    private const int Part = 512 << 10;

    /// <summary>Time that passes only when told.</summary>
    private sealed class ManualTime : TimeProvider
    {
        private long _now = 1;

        public override long TimestampFrequency => 1_000_000;

        public override long GetTimestamp() => _now;

        public void Pass(double seconds) => _now += (long)(seconds * TimestampFrequency);
    }

    /// <summary>Moves parts for some seconds at the rate that so many connections give.</summary>
    private static int Drive(LaneController controller, ManualTime time, double seconds, Func<int, double> bytesPerSecond)
    {
        var most = 1;
        for (var passed = 0.0; passed < seconds;)
        {
            var step = Part / bytesPerSecond(controller.Wanted);
            time.Pass(step);
            passed += step;
            controller.OnBusy();
            controller.OnMoved(Part);
            most = Math.Max(most, controller.Wanted);
        }
        return most;
    }

    [Fact]
    public void AllEightAreUsedAtOnceWhilePartsWait()
    {
        var time = new ManualTime();
        var controller = new LaneController(8, time);
        for (var i = 0; i < 7; i++) controller.OnBusy().ShouldBeTrue();
        controller.Wanted.ShouldBe(8);
        controller.OnBusy().ShouldBeFalse();
    }

    [Fact]
    public void WhereEveryConnectionBringsItsOwnRateOneLookDownIsAllThatIsLost()
    {
        var time = new ManualTime();
        var controller = new LaneController(8, time);
        var lost = 0.0;
        Drive(controller, time, 20, lanes =>
        {
            lost += (8 - lanes) * (double)Part / lanes / 8;
            return 5e6 * lanes;
        });
        controller.Wanted.ShouldBe(8);
        // Of twenty seconds no more than half a one's bytes.
        lost.ShouldBeLessThan(0.5 * 40e6);
    }

    [Fact]
    public void WhereTheLineIsFullWithOneTheOthersAreGivenBack()
    {
        var time = new ManualTime();
        var controller = new LaneController(8, time);
        Drive(controller, time, 12, _ => 20e6).ShouldBe(8);
        controller.Wanted.ShouldBeLessThan(3);
    }

    [Fact]
    public void WhereTheLineIsFullWithThreeSomeAreKept()
    {
        var time = new ManualTime();
        var controller = new LaneController(8, time);
        Drive(controller, time, 12, lanes => 20e6 * Math.Min(3, lanes));
        controller.Wanted.ShouldBeInRange(3, 6);
    }

    [Fact]
    public void ALineThatBecomesWiderIsFoundOutLater()
    {
        var time = new ManualTime();
        var controller = new LaneController(8, time);
        Drive(controller, time, 12, _ => 20e6);
        Drive(controller, time, 40, lanes => 20e6 * lanes);
        controller.Wanted.ShouldBe(8);
    }

    [Fact]
    public void NothingIsAddedWhileNobodyWaits()
    {
        var time = new ManualTime();
        var controller = new LaneController(8, time);
        for (var i = 0; i < 100; i++)
        {
            time.Pass(0.1);
            controller.OnMoved(Part);
        }
        controller.Wanted.ShouldBe(1);
    }
}
