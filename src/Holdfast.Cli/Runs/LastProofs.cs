using Holdfast.Cli.Output;
using Holdfast.Core.Engine;
using Holdfast.Core.Jobs;
using Holdfast.Core.Jobs.Reports;

namespace Holdfast.Cli.Runs;

/// <summary>When restore drills last proved the targets of a job, for its report.</summary>
internal static class LastProofs
{
    /// <summary>A report that says it of every target, when the job is to be proven or was.</summary>
    public static RunReport In(RunReport report, Job job, string stateFolder)
    {
        var drills = DrillLog.Last(stateFolder);
        return job.Options.Verify is null && !report.Targets.Any(t => drills.ContainsKey(t.Target))
            ? report
            : report with { Targets = [.. report.Targets.Select(t => t with { Figures = [.. t.Figures, new("last proven", Words(drills.GetValueOrDefault(t.Target)))] })] };
    }

    /// <summary>When, and what came of it.</summary>
    public static string Words(Drill? drill) =>
        drill is null ? "never" : $"{Sizes.Time(drill.Time)}, {Sizes.Count(drill.Files, "file")} came back{(drill.Failures > 0 ? $", {drill.Failures} did not" : "")}";
}
