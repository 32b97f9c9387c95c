using System.Globalization;

namespace Holdfast.Core.Engine;

/// <summary>What a run passed over, as figures of a report: always all of them, noughts too, so that a script finds each.</summary>
internal static class LeftOutFigures
{
    public static IEnumerable<KeyValuePair<string, string>> Of(RunCounters counters)
    {
        var scan = counters.Scan;
        return
        [
            new("too recent", Number(scan.TooRecent)),
            new("excluded", $"{Number(scan.Excluded)} by pattern, {Number(scan.FlagFile)} by flag file, {Number(scan.OtherFileSystems)} on other file systems"),
            new("permission", $"{Number(counters.Denied)} denied"),
        ];
    }

    private static string Number(long count) => count.ToString(CultureInfo.InvariantCulture);
}
