using System.Globalization;

namespace Holdfast.Core.Targets;

/// <summary>A day, minute or second as people type it: <c>2026-11-01</c>, <c>2026-11-01T14:30</c>, with Z or an offset, or in local time.</summary>
/// <param name="First">Its first moment.</param>
/// <param name="Last">Its last moment.</param>
public sealed record TypedTime(DateTimeOffset First, DateTimeOffset Last)
{
    private static readonly (string Form, TimeSpan Step)[] Forms =
    [
        ("yyyy-MM-dd", TimeSpan.FromDays(1)),
        ("yyyy-MM-dd'T'HH:mm", TimeSpan.FromMinutes(1)),
        ("yyyy-MM-dd HH:mm", TimeSpan.FromMinutes(1)),
        ("yyyy-MM-dd'T'HH:mm:ss", TimeSpan.FromSeconds(1)),
        ("yyyy-MM-dd HH:mm:ss", TimeSpan.FromSeconds(1)),
        ("yyyyMMdd'T'HHmmss", TimeSpan.FromSeconds(1)),
    ];

    /// <summary>The time, or null when the text is none.</summary>
    /// <param name="text">What was typed.</param>
    /// <param name="localZone">The zone of times that name none.</param>
    public static TypedTime? TryParse(string text, TimeZoneInfo localZone)
    {
        foreach (var (form, step) in Forms)
        {
            if (DateTime.TryParseExact(text, form, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local))
                return new TypedTime(InZone(local, localZone), InZone(local.Add(step), localZone).AddTicks(-1));
            if (DateTimeOffset.TryParseExact(text, [form + "'Z'", form + "zzz"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment))
                return new TypedTime(moment, moment.Add(step).AddTicks(-1));
        }
        return null;
    }

    private static DateTimeOffset InZone(DateTime local, TimeZoneInfo zone)
    {
        var unspecified = DateTime.SpecifyKind(local, DateTimeKind.Unspecified);
        return new DateTimeOffset(unspecified, zone.GetUtcOffset(unspecified));
    }
}
