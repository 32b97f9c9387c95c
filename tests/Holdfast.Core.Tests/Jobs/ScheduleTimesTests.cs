using System.Globalization;
using Holdfast.Core.Jobs;

namespace Holdfast.Core.Tests.Jobs;

public sealed class ScheduleTimesTests
{
    // Saturday.
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 7, 5, 30, TimeSpan.Zero);

    [Theory]
    [InlineData("0 20 * * *", "2026-11-21 20:00")]
    [InlineData("5 7 * * *", "2026-11-22 07:05")]
    [InlineData("*/15 * * * *", "2026-11-21 07:15")]
    [InlineData("10-30/10 6,8 * * *", "2026-11-21 08:10")]
    [InlineData("0 3 * * mon-fri", "2026-11-23 03:00")]
    [InlineData("0 3 * * 7", "2026-11-22 03:00")]
    [InlineData("0 3 1 * *", "2026-12-01 03:00")]
    [InlineData("0 3 1 * wed", "2026-11-25 03:00")] // Both given: one is enough.
    [InlineData("0 0 29 feb *", "2028-02-29 00:00")]
    [InlineData("0 0 30 2 *", null)]
    [InlineData("on-mount", null)]
    public void CronsFieldsSayWhen(string schedule, string? due)
    {
        ScheduleText.Problem(schedule).ShouldBeNull();
        var next = ScheduleTimes.Next(schedule, null, Now, TimeZoneInfo.Utc);
        (next is { } time ? time.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) : null).ShouldBe(due);
    }

    [Fact]
    public void EveryCountsFromTheLastRunAndIsDueAtOnceWithoutOne()
    {
        ScheduleTimes.Next("every 6h", Now.AddHours(-2), Now, TimeZoneInfo.Utc).ShouldBe(Now.AddHours(4));
        ScheduleTimes.Next("every 6h", Now.AddHours(-20), Now, TimeZoneInfo.Utc).ShouldBe(Now);
        ScheduleTimes.Next("every 6h", null, Now, TimeZoneInfo.Utc).ShouldBe(Now);
    }

    [Fact]
    public void ATimeThatTheClockSkipsComesAnHourLater()
    {
        var berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
        ScheduleTimes.Next("30 2 * * *", null, new DateTimeOffset(2027, 3, 27, 12, 0, 0, TimeSpan.Zero), berlin)
            .ShouldBe(new DateTimeOffset(2027, 3, 28, 3, 30, 0, TimeSpan.FromHours(2)));
    }
}
