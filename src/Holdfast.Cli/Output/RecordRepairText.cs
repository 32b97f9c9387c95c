using Holdfast.Core.Targets;

namespace Holdfast.Cli.Output;

/// <summary>What a repair did, for people.</summary>
internal sealed class RecordRepairText(TextWriter output, string target) : IPrinter<RecordRepairResult>
{
    public void Print(RecordRepairResult item)
    {
        output.Labelled("target", target);
        output.Labelled("repaired", item.Done);
        foreach (var remark in item.Remarks)
            output.Labelled("note", Terminal.OutputStyle.Yellow(remark));
        foreach (var finding in item.Missing)
            output.Labelled("missing", $"{finding.Path}: {finding.Problem}");
        output.Labelled("", item.Missing.Count == 0 ? "nothing is missing" : Sizes.Count(item.Missing.Count, "path") + " missing: " + item.Missing[0].Advice);
    }

    public void Finish()
    {
    }
}
