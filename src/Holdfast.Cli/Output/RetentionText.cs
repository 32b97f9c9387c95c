using Holdfast.Core.Jobs;

namespace Holdfast.Cli.Output;

/// <summary>What stays and what goes, as a table.</summary>
internal sealed class RetentionText(TextWriter output, string target, bool dryRun) : IPrinter<RetentionDecision>
{
    private readonly List<RetentionDecision> _decisions = [];

    public void Print(RetentionDecision item) => _decisions.Add(item);

    public void Finish()
    {
        var table = new Table("Snapshot", "Time", "Decision", "Why");
        foreach (var decision in _decisions)
            table.Add(
                decision.Snapshot.Id,
                Sizes.Time(decision.Snapshot.Time),
                decision.IsKept ? "keep" : dryRun ? "would forget" : "forget",
                decision.IsKept ? string.Join(", ", decision.Reasons) : "no rule keeps it");
        table.Write(output);
        var goes = _decisions.Count(d => !d.IsKept);
        output.WriteLine($"{target}: {Sizes.Count(_decisions.Count - goes, "snapshot")} kept, {goes} {(dryRun ? "would be forgotten" : "to forget")}");
    }
}
