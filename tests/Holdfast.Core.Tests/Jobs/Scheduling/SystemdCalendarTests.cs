using System.Globalization;
using System.Text.RegularExpressions;
using Holdfast.Core.Jobs;
using Holdfast.Core.Jobs.Scheduling;
using Holdfast.Testing.Machines;

namespace Holdfast.Core.Tests.Jobs.Scheduling;

public sealed partial class SystemdCalendarTests
{
    [Theory]
    [InlineData("0 20 * * *")]
    [InlineData("*/15 * * * *")]
    [InlineData("10-30/10 6,8 * * *")]
    [InlineData("0 3 * * mon-fri")]
    [InlineData("0 3 * * 7")]
    [InlineData("0 3 1 * *")]
    [InlineData("30 4 29 feb *")]
    [InlineData("5 4 */10 1-3 *")]
    [InlineData("0 0 1 1 0")]
    public void SystemdMeansTheSameTimes(string schedule)
    {
        Peer.Require("systemd-analyze");
        var now = new DateTimeOffset(2026, 11, 21, 7, 5, 30, TimeSpan.Zero);
        var calendars = SystemdCalendar.Timer(schedule)!.Where(l => l.StartsWith("OnCalendar=", StringComparison.Ordinal)).Select(l => l["OnCalendar=".Length..]).ToList();
        var environment = new Dictionary<string, string?> { ["TZ"] = "UTC" };
        var theirs = calendars.SelectMany(calendar =>
        {
            var said = Command.Run("systemd-analyze", ["calendar", "--iterations=8", "--base-time=2026-11-21 07:05:30 UTC", calendar], environment: environment).Checked("systemd-analyze").Text;
            return Elapse().Matches(said).Select(m => DateTimeOffset.ParseExact(m.Groups["time"].Value, "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal));
        }).Distinct().Order().Take(8).ToList();

        var ours = new List<DateTimeOffset>();
        for (var at = now; ours.Count < theirs.Count; at = ours[^1])
            ours.Add(ScheduleTimes.Next(schedule, at, at, TimeZoneInfo.Utc)!.Value);
        theirs.Count.ShouldBe(8);
        ours.ShouldBe(theirs);
    }

    [Theory]
    [InlineData("every 15m", "*/15 * * * *")]
    [InlineData("every 6h", "0 */6 * * *")]
    [InlineData("every 1d", "0 0 * * *")]
    [InlineData("every 7h", null)]
    [InlineData("every 90m", null)]
    [InlineData("on-mount", null)]
    [InlineData("5 4 * * *", "5 4 * * *")]
    public void CronSaysWhatItCan(string schedule, string? fields) => CronFields.Of(schedule).ShouldBe(fields);

    [Theory]
    [InlineData("0 20 * * *")]
    [InlineData("*/15 6-22/2 1,15 jan,jul *")]
    [InlineData("0 3 * * mon-fri")]
    [InlineData("0 3 * * 7")]
    [InlineData("every 15m")]
    [InlineData("every 7d")]
    public void CronTakesTheFields(string schedule)
    {
        Peer.Require("crontab");
        using var folder = new TemporaryFolder();
        Command.Run("crontab", ["-n", folder.File("crontab", $"{CronFields.Of(schedule)} true\n")]).Checked("crontab");
        Command.Run("crontab", ["-n", folder.File("wrong", "61 * * * * true\n")]).ExitCode.ShouldNotBe(0);
    }

    [GeneratedRegex(@"(?:Next elapse|Iter(?:ation|\.) #\d+): \w+ (?<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) UTC", RegexOptions.ExplicitCapture)]
    private static partial Regex Elapse();
}
