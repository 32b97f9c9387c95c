using System.Globalization;

namespace Holdfast.Core.Jobs.Scheduling;

/// <summary>Schedules as systemd writes them (systemd.time(7)).</summary>
public static class SystemdCalendar
{
    private static readonly string[] Days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

    /// <summary>The lines of a timer's [Timer] section; null for a schedule that no timer can follow (on-mount).</summary>
    public static IReadOnlyList<string>? Timer(string schedule)
    {
        if (schedule is "on-mount")
            return null;
        if (schedule.StartsWith("every ", StringComparison.Ordinal))
            return ["OnBootSec=5min", $"OnUnitActiveSec={Seconds(schedule)}s"];
        var fields = schedule.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        // Of a day of the month and a day of the week that are both given one is enough in cron; systemd wants both.
        var both = !fields[2].StartsWith('*') && !fields[4].StartsWith('*');
        var calendars = both ? new[] { Calendar(fields, ofMonth: true, ofWeek: false), Calendar(fields, ofMonth: false, ofWeek: true) } : [Calendar(fields, ofMonth: true, ofWeek: true)];
        return [.. calendars.Select(c => "OnCalendar=" + c), "Persistent=true"];
    }

    private static string Calendar(string[] fields, bool ofMonth, bool ofWeek)
    {
        var week = ofWeek ? ScheduleText.Values(fields[4], 4).Select(d => d % 7).Distinct().Order().ToList() : [];
        var days = week.Count is 0 or 7 ? "" : string.Join(',', week.Select(d => Days[d])) + " ";
        return $"{days}*-{Values(fields[3], 3)}-{(ofMonth ? Values(fields[2], 2) : "*")} {Values(fields[1], 1)}:{Values(fields[0], 0)}:00";
    }

    private static string Values(string field, int index) =>
        field is "*" ? "*" : string.Join(',', ScheduleText.Values(field, index).Order().Select(v => v.ToString("00", CultureInfo.InvariantCulture)));

    private static string Seconds(string schedule) => ((long)Duration.Parse(schedule[6..].Trim()).TotalSeconds).ToString(CultureInfo.InvariantCulture);
}
