using System.Globalization;
using Holdfast.Cli.Output;
using Holdfast.Cli.Tests.Running;
using Holdfast.Testing.Machines;

namespace Holdfast.Cli.Tests;

public sealed class ProgressTests
{
    private static readonly ProgressState Half = new(10, 5, 1024 * 1024, 2 * 1024 * 1024, 0, TimeSpan.FromSeconds(4), "Projects/日本語の長い名前/plan.txt");

    [Fact]
    public void ProgressSaysHowFarHowFastAndHowLong() =>
        ProgressText.Of(Half).ShouldBe("[0:04] 5 of 10 files, 50%, 1.000 MiB of 2.000 MiB, 256.000 KiB/s, 0:04 left");

    [Fact]
    public void WhileTheScanGoesOnNoEndIsPromised() =>
        ProgressText.Of(Half with { BytesToRead = null, Missing = 2 }).ShouldBe("[0:04] 5 of 10 files, 1.000 MiB, 256.000 KiB/s, 2 missing");

    [Theory]
    [InlineData(3)]
    [InlineData(40)]
    [InlineData(100)]
    [InlineData(200)]
    public void ALineNeverGrowsBeyondTheTerminal(int columns)
    {
        using var output = new StringWriter();
        new TerminalProgressLine(output, () => columns).Show(Half);
        DisplayWidth.Of(output.ToString().Replace("\r\e[K", "")).ShouldBeLessThan(columns);
    }

    [Fact]
    public void OnATerminalThereIsOneLineThatGoesAwayAndWithoutOneThereIsNone()
    {
        Peer.Require("script");
        using var machine = new Machine().WithDocuments();
        machine.Shell("HOLDFAST_PROGRESS_SECONDS=0.001 script -qec 'holdfast backup Documents --to mirror:disk' /dev/null </dev/null").Text.ShouldContain("\r\e[K");
        machine.Shell("holdfast backup Documents --to mirror:other 2>&1").Text.ShouldNotContain("\e");
    }

    [Fact]
    public void ColoursAreOnlyForTerminalsThatWantThem()
    {
        Peer.Require("script");
        using var machine = new Machine();
        const string failing = "script -qec 'holdfast ls mirror:nowhere' /dev/null </dev/null";
        machine.Shell("TERM=xterm " + failing).Text.ShouldContain("\e[31m");
        machine.Shell("TERM=xterm NO_COLOR=1 " + failing).Text.ShouldNotContain("\e[31m");
        machine.Shell("TERM=dumb " + failing).Text.ShouldNotContain("\e");
        machine.Run("ls", "mirror:nowhere").ErrorText.ShouldNotContain("\e");
    }

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(1023, "1023 B")]
    [InlineData(1024, "1.000 KiB")]
    [InlineData(1325400064, "1.234 GiB")]
    [InlineData(long.MaxValue, "8.000 EiB")]
    public void SizesReadAsInRestic(long bytes, string text) => Sizes.Bytes(bytes).ShouldBe(text);

    [Fact]
    public void LongNamesKeepTheirEnd() => DisplayWidth.Tail("日本語/plan.txt", 10).ShouldBe("…/plan.txt", DisplayWidth.Of("…/plan.txt").ToString(CultureInfo.InvariantCulture));
}
