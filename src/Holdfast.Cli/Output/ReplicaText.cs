using Holdfast.Library.Replicating;

namespace Holdfast.Cli.Output;

/// <summary>What was done to a copy of a library, for people.</summary>
internal sealed class ReplicaText(TextWriter output, string copy, bool dryRun) : IPrinter<ReplicaReport>
{
    public void Print(ReplicaReport item)
    {
        output.Labelled("copy", copy);
        output.Labelled("", $"{Sizes.Count(item.Files, "file")} as in the source");
        (long Count, string Word)[] kinds = [(item.Added, "added"), (item.Replaced, "replaced"), (item.Removed, "removed")];
        var done = string.Join(", ", kinds.Where(k => k.Count > 0).Select(k => $"{k.Count} {k.Word}"));
        output.Labelled(dryRun ? "would be" : "done", done.Length == 0 ? "nothing: it was exact" : $"{done}; {Sizes.Bytes(item.BytesCopied)} copied");
        foreach (var (path, reason) in item.Failures)
            output.Labelled("failed", $"{path}: {reason}");
        output.Labelled("took", Sizes.Duration(item.Duration));
    }

    public void Finish()
    {
    }
}
