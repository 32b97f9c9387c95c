using Holdfast.Core.Jobs;
using Holdfast.Core.Jobs.Config;

namespace Holdfast.Core.Tests.Jobs;

public class ValueTests
{
    [Theory]
    [InlineData("300s", 300)]
    [InlineData("1h30m", 5400)]
    [InlineData("14d", 14 * 86400)]
    [InlineData("2w", 14 * 86400)]
    [InlineData("1w1d1h1m1s", 8 * 86400 + 3661)]
    [InlineData("0s", 0)]
    public void DurationsAreReadAndWrittenBack(string text, int seconds)
    {
        Duration.Parse(text).ShouldBe(TimeSpan.FromSeconds(seconds));
        Duration.Parse(Duration.Format(Duration.Parse(text))).ShouldBe(TimeSpan.FromSeconds(seconds));
    }

    [Theory]
    [InlineData("")]
    [InlineData("h")]
    [InlineData("1h1h")]
    [InlineData("1m1h")]
    [InlineData("-1h")]
    [InlineData("1h ")]
    [InlineData("1h30")]
    [InlineData("99999999999d")]
    [InlineData("999999999w")]
    public void WhatIsNoDurationIsRefused(string text) => Should.Throw<FormatException>(() => Duration.Parse(text));

    [Theory]
    [InlineData("0", 0)]
    [InlineData("512", 512)]
    [InlineData("512B", 512)]
    [InlineData("100k", 102_400)]
    [InlineData("100kB", 100_000)]
    [InlineData("4GB", 4_000_000_000)]
    [InlineData("1.5GiB", 1_610_612_736)]
    [InlineData("2T", 2_199_023_255_552)]
    [InlineData("9223372036854775807", long.MaxValue)]
    public void SizesAreReadAndWrittenBack(string text, long bytes)
    {
        ByteSize.Parse(text).ShouldBe(bytes);
        ByteSize.Parse(ByteSize.Format(bytes)).ShouldBe(bytes);
    }

    [Theory]
    [InlineData("")]
    [InlineData("GB")]
    [InlineData("1.5")]
    [InlineData("1 E")]
    [InlineData("-1")]
    [InlineData("9999999P")]
    public void WhatIsNoSizeIsRefused(string text) => Should.Throw<FormatException>(() => ByteSize.Parse(text));

    [Theory]
    [InlineData("10%", 0.1)]
    [InlineData("0.1", 0.1)]
    [InlineData("100%", 1)]
    [InlineData("0", 0)]
    public void SharesAreReadAsPartsOrPercent(string text, double share) => Share.Parse(text).ShouldBe(share);

    [Theory]
    [InlineData("0 20 * * *")]
    [InlineData("*/5 1-5,7 1 jan-mar sun")]
    [InlineData("0-30/10 * * * 7")]
    [InlineData("every 6h")]
    [InlineData("on-mount")]
    public void SchedulesAreAccepted(string text) => ScheduleText.Problem(text).ShouldBeNull();

    [Theory]
    [InlineData("60 * * * *")]
    [InlineData("* * * *")]
    [InlineData("*/0 * * * *")]
    [InlineData("5-1 * * * *")]
    [InlineData("5/2 * * * *")]
    [InlineData("1,, * * * *")]
    [InlineData("every 5s")]
    [InlineData("every day")]
    public void WhatIsNoScheduleIsRefused(string text) => ScheduleText.Problem(text).ShouldNotBeNull();

    [Theory]
    [InlineData("max-delete", "max_delete")]
    [InlineData("password", "password_file")]
    [InlineData("form", "from")]
    [InlineData("xyzzy", null)]
    public void TheNearestNameIsFound(string name, string? nearest) =>
        NearestName.Find(name, ["from", "to", "max_delete", "password_file"]).ShouldBe(nearest);
}
