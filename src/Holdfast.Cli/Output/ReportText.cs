using Holdfast.Core.Engine;
using Holdfast.Core.Jobs.Reports;
using Holdfast.Core.Targets;

namespace Holdfast.Cli.Output;

/// <summary>The report of a run, for people.</summary>
internal sealed class ReportText(TextWriter output, bool everything) : IPrinter<RunReport>
{
    public void Print(RunReport item)
    {
        var counters = item.Counters;
        output.Labelled("job", item.DryRun ? $"{item.Job} (dry run: nothing was written)" : item.Job);
        output.Labelled("source", string.Join(", ", item.Sources));
        output.Labelled("", $"{Sizes.Count(counters.Files, "file")}, {Sizes.Count(counters.Folders, "folder")}{Others(counters.Others)}, {Sizes.Bytes(counters.Bytes)}");
        foreach (var target in item.Targets)
            Print(target, item.DryRun);
        if (LeftOut(counters) is { Length: > 0 } leftOut)
            output.Labelled("left out", leftOut);
        if (counters.VanishedFiles > 0)
            output.Labelled("vanished", $"{Sizes.Count(counters.VanishedFiles, "file")} went away while the run was at work");
        MissingText.Print(output, "could not be saved; the last copies stay", counters.FailureCount, counters.Failures, everything);
        output.Labelled("took", $"{Sizes.Duration(item.Duration)}{(counters.BytesDone > 0 ? $", read {Sizes.Bytes(counters.BytesDone)} at {Sizes.Rate(counters.BytesDone, item.Duration)}" : "")}");
    }

    public void Finish()
    {
    }

    private void Print(TargetReport target, bool dryRun)
    {
        output.Labelled("target", target.Target);
        if (target.Failure is { } failure)
        {
            output.Labelled("", $"{Terminal.OutputStyle.Red("failed:")} {failure.Message}");
            return;
        }
        output.Labelled("", Changes(target.Statistics, dryRun));
        foreach (var (name, value) in target.Figures)
            output.Labelled("", $"{name}: {value}");
        if (target.Mended > 0)
            output.Labelled("", $"{Sizes.Count(target.Mended, "copy", "copies")} in the place, lost or damaged, {(dryRun ? "would be" : "were")} made anew");
        foreach (var remark in target.Remarks)
            output.Labelled("", $"{Terminal.OutputStyle.Yellow("note:")} {remark}");
        if (!dryRun)
            output.Labelled("snapshot", target.Snapshot?.Id ?? "none was needed");
    }

    private static string Changes(SnapshotStatistics s, bool dryRun)
    {
        (long Count, string Word)[] kinds = [(s.New, "new"), (s.Changed, "changed"), (s.Moved, "moved"), (s.Metadata, "with new metadata"), (s.Deleted, "deleted"), (s.Again, "saved again in turn")];
        var changes = string.Join(", ", kinds.Where(k => k.Count > 0).Select(k => $"{k.Count} {k.Word}"));
        return changes.Length == 0 ? "unchanged" : $"{changes}; {Sizes.Bytes(s.BytesAdded)} {(dryRun ? "would be added" : "added")}";
    }

    private static string Others(long count) => count == 0 ? "" : $", {Sizes.Count(count, "other")}";

    private static string LeftOut(RunCounters counters) =>
        string.Join(", ", RuleCounts.Of(counters.Scan).Where(r => r.Count > 0).Select(r => $"{r.Count} {r.Rule.Words}"));
}
