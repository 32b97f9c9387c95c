using Holdfast.Core.Engine;
using Holdfast.Core.Jobs.Reports;
using Holdfast.Core.Targets;

namespace Holdfast.Cli.Output;

/// <summary>The report of a run, for people.</summary>
internal sealed class ReportText(TextWriter output, bool everything) : IPrinter<RunReport>
{
    /// <summary>Missing paths named without -v.</summary>
    private const int NamedPaths = 20;

    public void Print(RunReport item)
    {
        var counters = item.Counters;
        Line("job", item.DryRun ? $"{item.Job} (dry run: nothing was written)" : item.Job);
        Line("source", string.Join(", ", item.Sources));
        Line("", $"{Sizes.Count(counters.Files, "file")}, {Sizes.Count(counters.Folders, "folder")}{Others(counters.Others)}, {Sizes.Bytes(counters.Bytes)}");
        foreach (var target in item.Targets)
            Print(target, item.DryRun);
        if (LeftOut(counters) is { Length: > 0 } leftOut)
            Line("left out", leftOut);
        if (counters.VanishedFiles > 0)
            Line("vanished", $"{Sizes.Count(counters.VanishedFiles, "file")} went away while the run was at work");
        PrintMissing(counters);
        Line("took", $"{Sizes.Duration(item.Duration)}{(counters.BytesDone > 0 ? $", read {Sizes.Bytes(counters.BytesDone)} at {Sizes.Rate(counters.BytesDone, item.Duration)}" : "")}");
    }

    public void Finish()
    {
    }

    private void Print(TargetReport target, bool dryRun)
    {
        Line("target", target.Target);
        if (target.Failure is { } failure)
        {
            Line("", $"{Terminal.OutputStyle.Red("failed:")} {failure.Message.Replace("\n", "\n            ", StringComparison.Ordinal)}");
            return;
        }
        Line("", Changes(target.Statistics, dryRun));
        if (target.Mended > 0)
            Line("", $"{Sizes.Count(target.Mended, "copy", "copies")} in the place, lost or damaged, {(dryRun ? "would be" : "were")} made anew");
        foreach (var remark in target.Remarks)
            Line("", $"{Terminal.OutputStyle.Yellow("note:")} {remark}");
        if (!dryRun)
            Line("snapshot", target.Snapshot?.Id ?? "none was needed");
    }

    private void PrintMissing(RunCounters counters)
    {
        if (counters.FailureCount == 0)
            return;
        Line("missing", Terminal.OutputStyle.Red($"{Sizes.Count(counters.FailureCount, "path")} could not be saved; the last copies stay"));
        var named = everything ? counters.Failures : counters.Failures.Take(NamedPaths).ToList();
        foreach (var failure in named)
            output.WriteLine($"  {failure.Path}: {failure.Reason}");
        if (counters.FailureCount > named.Count)
            output.WriteLine($"  … and {counters.FailureCount - named.Count} more{(everything ? "" : " (-v names them)")}");
    }

    private static string Changes(SnapshotStatistics s, bool dryRun)
    {
        (long Count, string Word)[] kinds = [(s.New, "new"), (s.Changed, "changed"), (s.Moved, "moved"), (s.Metadata, "with new metadata"), (s.Deleted, "deleted")];
        var changes = string.Join(", ", kinds.Where(k => k.Count > 0).Select(k => $"{k.Count} {k.Word}"));
        return changes.Length == 0 ? "unchanged" : $"{changes}; {Sizes.Bytes(s.BytesAdded)} {(dryRun ? "would be added" : "added")}";
    }

    private static string Others(long count) => count == 0 ? "" : $", {Sizes.Count(count, "other")}";

    private static string LeftOut(RunCounters counters) =>
        string.Join(", ", RuleCounts.Of(counters.Scan).Where(r => r.Count > 0).Select(r => $"{r.Count} {r.Rule.Words}"));

    private void Line(string label, string text) => output.WriteLine($"{label,-10}{text}".TrimEnd());
}
