using System.Globalization;

namespace Holdfast.Core.Jobs.Scheduling;

/// <summary>Schedules as crontab(5) writes them.</summary>
public static class CronFields
{
    /// <summary>The five fields; null for a schedule that cron cannot follow.</summary>
    public static string? Of(string schedule)
    {
        if (schedule is "on-mount")
            return null;
        if (!schedule.StartsWith("every ", StringComparison.Ordinal))
            return schedule;
        var length = Duration.Parse(schedule[6..].Trim());
        if (length.TotalMinutes < 60)
            return length.TotalSeconds % 60 == 0 && 60 % length.TotalMinutes == 0 ? string.Create(CultureInfo.InvariantCulture, $"*/{length.TotalMinutes} * * * *") : null;
        if (length.TotalHours < 24)
            return length.TotalMinutes % 60 == 0 && 24 % length.TotalHours == 0 ? string.Create(CultureInfo.InvariantCulture, $"0 */{length.TotalHours} * * *") : null;
        return length == TimeSpan.FromDays(1) ? "0 0 * * *" : length == TimeSpan.FromDays(7) ? "0 0 * * 0" : null;
    }
}
