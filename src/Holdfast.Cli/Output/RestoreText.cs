using Holdfast.Core.Engine.Restoring;

namespace Holdfast.Cli.Output;

/// <summary>What a restore did, for people.</summary>
internal sealed class RestoreText(TextWriter output, bool everything) : IPrinter<RestoreReport>
{
    public void Print(RestoreReport item)
    {
        var c = item.Counters;
        output.Labelled("snapshot", item.DryRun ? $"{item.Snapshot.Id} (dry run: nothing was written)" : item.Snapshot.Id);
        (long Count, string Word)[] kinds =
        [
            (c.Created, "created"), (c.Replaced, "replaced"), (c.MetadataSet, "with metadata set"), (c.Unchanged, "there already"),
            (c.Kept, "kept as they were"), (c.Removed, "removed"),
        ];
        var actions = string.Join(", ", kinds.Where(k => k.Count > 0).Select(k => $"{k.Count} {k.Word}"));
        output.Labelled("restored", actions.Length == 0 ? "nothing" : actions);
        if (!item.DryRun)
            output.Labelled("written", $"{Sizes.Count(c.FilesDone, "file")}, {Sizes.Bytes(c.BytesDone)}");
        if (c.Verified > 0)
            output.Labelled("verified", $"{Sizes.Count(c.Verified, "file")} read back, {Sizes.Bytes(c.BytesVerified)}");
        foreach (var remark in item.Remarks)
            output.Labelled("note", Terminal.OutputStyle.Yellow(remark));
        MissingText.Print(output, "could not be restored", c.FailureCount, c.Failures, everything, Terminal.OutputStyle);
        output.Labelled("took", $"{Sizes.Duration(item.Duration)}{(c.BytesDone > 0 ? $", {Sizes.Rate(c.BytesDone, item.Duration)}" : "")}");
    }

    public void Finish()
    {
    }
}
