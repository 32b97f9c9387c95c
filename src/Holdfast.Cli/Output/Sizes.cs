using System.Globalization;

namespace Holdfast.Cli.Output;

/// <summary>Numbers as people read them.</summary>
internal static class Sizes
{
    private static readonly string[] Units = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

    /// <summary>Bytes in units of 1024 with three digits after the point: <c>1.234 GiB</c>, <c>17 B</c>.</summary>
    public static string Bytes(long bytes)
    {
        if (bytes < 1024)
            return string.Create(CultureInfo.InvariantCulture, $"{bytes} B");
        var unit = (63 - long.LeadingZeroCount(bytes)) / 10 - 1;
        return string.Create(CultureInfo.InvariantCulture, $"{bytes / Math.Pow(1024, unit + 1):F3} {Units[unit]}");
    }

    /// <summary>Bytes a second.</summary>
    public static string Rate(long bytes, TimeSpan time) => $"{Bytes((long)(bytes / Math.Max(time.TotalSeconds, 0.001)))}/s";

    /// <summary><c>0:07</c>, <c>12:03</c>, <c>3:00:05</c>.</summary>
    public static string Duration(TimeSpan time) => time.TotalHours >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{(long)time.TotalHours}:{time.Minutes:D2}:{time.Seconds:D2}")
        : string.Create(CultureInfo.InvariantCulture, $"{time.Minutes}:{time.Seconds:D2}");

    /// <summary><c>1 file</c>, <c>2 files</c>.</summary>
    public static string Count(long count, string one, string? many = null) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? one : many ?? one + "s")}");

    /// <summary>A moment in local time, to the second.</summary>
    public static string Time(DateTimeOffset time) => time.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
