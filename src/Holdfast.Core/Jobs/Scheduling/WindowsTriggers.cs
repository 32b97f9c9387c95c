using System.Globalization;
using System.Xml;
using System.Xml.Linq;

namespace Holdfast.Core.Jobs.Scheduling;

/// <summary>Schedules as Windows' Task Scheduler writes them (Task Scheduler Schema 1.2, [MS-TSCH] 2.5).</summary>
public static class WindowsTriggers
{
    /// <summary>The schema's namespace.</summary>
    public static readonly XNamespace Schema = "http://schemas.microsoft.com/windows/2004/02/mit/task";

    // What a task may have at most, and the first day of each; the clock on the wall decides.
    private const int Most = 48;
    private static readonly TimeSpan Shortest = TimeSpan.FromMinutes(1), Longest = TimeSpan.FromDays(31);
    private static readonly DateTime FirstDay = new(2026, 1, 1);

    /// <summary>The element Triggers of a task; null for a schedule that it cannot follow.</summary>
    /// <param name="schedule">A valid schedule.</param>
    /// <param name="jitter">The most a run is put off at random.</param>
    public static XElement? Of(string schedule, TimeSpan jitter)
    {
        if (schedule is "on-mount")
            return null;
        var triggers = schedule.StartsWith("every ", StringComparison.Ordinal) ? Every(Duration.Parse(schedule[6..].Trim()), jitter) : Cron(schedule, jitter);
        return triggers.Count is > 0 and <= Most ? new XElement(Schema + "Triggers", triggers) : null;
    }

    private static List<XElement> Every(TimeSpan length, TimeSpan jitter) => length < Shortest || length > Longest ? [] :
    [
        new XElement(Schema + "TimeTrigger",
            Element("StartBoundary", Text(FirstDay)),
            new XElement(Schema + "Repetition", Element("Interval", XmlConvert.ToString(length))),
            Delay(jitter)),
    ];

    private static List<XElement> Cron(string schedule, TimeSpan jitter)
    {
        var fields = schedule.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var days = Days(fields);
        return
        [
            .. from hour in ScheduleText.Values(fields[1], 1).Order()
               from minute in ScheduleText.Values(fields[0], 0).Order()
               from day in days
               select new XElement(Schema + "CalendarTrigger", Element("StartBoundary", Text(FirstDay.AddHours(hour).AddMinutes(minute))), Delay(jitter), new XElement(day)),
        ];
    }

    /// <summary>On which days: of a day of the month and a day of the week that are both given one is enough, as in cron.</summary>
    private static List<XElement> Days(string[] fields)
    {
        var (ofMonth, ofYear, ofWeek) = (ScheduleText.Values(fields[2], 2), ScheduleText.Values(fields[3], 3), ScheduleText.Values(fields[4], 4).Select(d => d % 7).ToHashSet());
        var everyDay = ofMonth.Count == 31 && ofYear.Count == 12;
        var isEither = !fields[2].StartsWith('*') && !fields[4].StartsWith('*');
        if (everyDay && ofWeek.Count == 7)
            return [new XElement(Schema + "ScheduleByDay", Element("DaysInterval", "1"))];
        var week = new XElement(Schema + "ScheduleByWeek", Element("WeeksInterval", "1"), Named("DaysOfWeek", ofWeek.Order().Select(d => CultureInfo.InvariantCulture.DateTimeFormat.GetDayName((DayOfWeek)d))));
        var months = Named("Months", ofYear.Order().Select(CultureInfo.InvariantCulture.DateTimeFormat.GetMonthName));
        var month = new XElement(Schema + "ScheduleByMonth", new XElement(Schema + "DaysOfMonth", ofMonth.Order().Select(d => Element("Day", d.ToString(CultureInfo.InvariantCulture)))), months);
        if (ofWeek.Count == 7)
            return [month];
        if (isEither)
            return ofYear.Count == 12 ? [month, week] : [];
        return everyDay ? [week] : []; // A day of the week in some months alone: it has no words for that.
    }

    private static XElement? Delay(TimeSpan jitter) => jitter > TimeSpan.Zero ? Element("RandomDelay", XmlConvert.ToString(jitter)) : null;

    private static XElement Named(string name, IEnumerable<string> names) => new(Schema + name, names.Select(n => new XElement(Schema + n)));

    private static XElement Element(string name, string value) => new(Schema + name, value);

    private static string Text(DateTime time) => time.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture);
}
