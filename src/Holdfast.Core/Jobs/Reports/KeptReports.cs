using System.Globalization;
using Holdfast.Core.Engine;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;

namespace Holdfast.Core.Jobs.Reports;

/// <summary>
/// Keeps the report of a run: as a file of <c>runs/</c> in the state folder, and in <c>.holdfast/reports/</c> of every place
/// that gained a snapshot. A dry run leaves none.
/// </summary>
public static class KeptReports
{
    /// <summary>Keeps it. What cannot be kept does not make the run fail: it is returned as a remark.</summary>
    public static IReadOnlyList<string> Keep(RunReport report, string stateFolder, IReadOnlyList<IBackupTarget> targets)
    {
        if (report.DryRun)
            return [];
        var remarks = new List<string>();
        var json = RunReportJson.ToUtf8(report, indented: true);
        Try(() => KeepInState(report, stateFolder, json), remarks);
        foreach (var target in report.Targets)
            if (target.Snapshot is { } snapshot && targets.FirstOrDefault(t => t.Name == target.Target) is IReportKeeper keeper)
                Try(() => keeper.KeepReport(snapshot.Id, json), remarks);
        return remarks;
    }

    private static void KeepInState(RunReport report, string stateFolder, byte[] json)
    {
        var folder = Path.Combine(stateFolder, "runs");
        Directory.CreateDirectory(folder);
        var name = string.Create(CultureInfo.InvariantCulture, $"{report.Started.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}-{FileName(report.Job)}");
        for (var copy = 1; ; copy++)
        {
            var file = Path.Combine(folder, copy == 1 ? $"{name}.json" : string.Create(CultureInfo.InvariantCulture, $"{name}-{copy}.json"));
            if (File.Exists(file))
                continue;
            File.WriteAllBytes(file, json);
            return;
        }
    }

    private static string FileName(string job) => string.Concat(job.Select(c => c == '/' || char.IsControl(c) ? '_' : c));

    private static void Try(Action keep, List<string> remarks)
    {
        try
        {
            keep();
        }
        catch (Exception e) when (e is FileSystemException or IOException or UnauthorizedAccessException or HoldfastException)
        {
            remarks.Add($"the report could not be kept: {e.Message}");
        }
    }
}
