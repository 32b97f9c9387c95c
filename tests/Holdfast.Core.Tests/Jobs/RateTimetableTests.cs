using System.Globalization;
using Holdfast.Core.Jobs;

namespace Holdfast.Core.Tests.Jobs;

public sealed class RateTimetableTests
{
    // The first two are the examples of rclone's manual (--bwlimit).
    private const string Day = "08:00,512k 12:00,10M 13:00,512k 18:00,30M 23:00,off";
    private const string Week = "Mon-00:00,512 Fri-23:59,10M Sat-10:00,1M Sun-20:00,off";

    [Theory]
    [InlineData(Day, "2026-11-21T07:59", null)]
    [InlineData(Day, "2026-11-21T08:00", "512k")]
    [InlineData(Day, "2026-11-21T12:30", "10M")]
    [InlineData(Day, "2026-11-21T22:59", "30M")]
    [InlineData(Day, "2026-11-22T00:00", null)]
    [InlineData(Week, "2026-11-19T12:00", "512")] // A Thursday.
    [InlineData(Week, "2026-11-20T23:59", "10M")]
    [InlineData(Week, "2026-11-22T19:59", "1M")]
    [InlineData(Week, "2026-11-22T20:00", null)]
    [InlineData(Week, "2026-11-23T00:00", "512")]
    [InlineData("Wed-10:00,1M", "2026-11-22T00:00", "1M")]
    [InlineData("2M", "2026-11-22T00:00", "2M")]
    public void TheRateIsTheOneThatBeganLast(string table, string time, string? rate) =>
        RateTimetable.Parse(table).At(DateTime.Parse(time, CultureInfo.InvariantCulture)).ShouldBe(rate is null ? null : ByteSize.Parse(rate));

    [Theory]
    [InlineData("08:00,0", "would move no bytes")]
    [InlineData("0", "would move no bytes")]
    [InlineData("off", "leave it out")]
    [InlineData("8:00,1M", "is no time with its rate")]
    [InlineData("Foo-08:00,1M", "is no time with its rate")]
    [InlineData("08:00,1M 18:00", "is no time with its rate")]
    [InlineData("08:00,1M Mon-08:00,2M", "has a rate already")]
    public void AMistakeIsNamed(string table, string words) => Should.Throw<FormatException>(() => RateTimetable.Parse(table)).Message.ShouldContain(words);
}
