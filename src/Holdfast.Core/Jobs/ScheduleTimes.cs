namespace Holdfast.Core.Jobs;

/// <summary>When a schedule is due. Cron's rules (crontab(5)): of a day of the month and a day of the week that are both given, one is enough.</summary>
public static class ScheduleTimes
{
    // 29 February on a given day of the week comes every 28 years, over a century that is no leap year every 40.
    private const int MostDays = 366 * 41;

    /// <summary>The next moment after <paramref name="now"/>; null when no clock decides (on-mount) or it never comes (30 February).</summary>
    /// <param name="schedule">A valid schedule.</param>
    /// <param name="last">When the job last ran; null for never.</param>
    /// <param name="now">The present.</param>
    /// <param name="zone">The zone of cron's fields.</param>
    public static DateTimeOffset? Next(string schedule, DateTimeOffset? last, DateTimeOffset now, TimeZoneInfo zone)
    {
        if (schedule is "on-mount")
            return null;
        if (!schedule.StartsWith("every ", StringComparison.Ordinal))
            return NextOfCron(schedule.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries), now, zone);
        var due = last + Duration.Parse(schedule[6..].Trim());
        return due > now ? due : now;
    }

    private static DateTimeOffset? NextOfCron(string[] fields, DateTimeOffset now, TimeZoneInfo zone)
    {
        var values = fields.Select(ScheduleText.Values).ToArray();
        var (minutes, hours) = (values[0].Order().ToList(), values[1].Order().ToList());
        for (var (day, days) = (TimeZoneInfo.ConvertTime(now, zone).Date, 0); days < MostDays; day = day.AddDays(1), days++)
            if (IsDay(fields, values, day) && Times(day, hours, minutes, zone).Where(t => t > now).Cast<DateTimeOffset?>().Min() is { } next)
                return next;
        return null;
    }

    /// <summary>
    /// The moments of a day. A time that summer time skips comes as much later as it skips: 2:30 is 3:30 then, for the offset is the
    /// one before. Of a time that comes twice it is the second. So they need not be in order.
    /// </summary>
    private static IEnumerable<DateTimeOffset> Times(DateTime day, List<int> hours, List<int> minutes, TimeZoneInfo zone)
    {
        var offset = zone.GetUtcOffset(day);
        var isPlain = offset == zone.GetUtcOffset(day.AddDays(1));
        return from hour in hours
               from minute in minutes
               let time = day.AddHours(hour).AddMinutes(minute)
               select new DateTimeOffset(time, isPlain ? offset : zone.GetUtcOffset(time));
    }

    private static bool IsDay(string[] fields, IReadOnlySet<int>[] values, DateTime day)
    {
        if (!values[3].Contains(day.Month))
            return false;
        var ofMonth = values[2].Contains(day.Day);
        var ofWeek = values[4].Contains((int)day.DayOfWeek) || (day.DayOfWeek == DayOfWeek.Sunday && values[4].Contains(7));
        return fields[2].StartsWith('*') || fields[4].StartsWith('*') ? ofMonth && ofWeek : ofMonth || ofWeek;
    }
}
