using Holdfast.Library.Scanning;

namespace Holdfast.Cli.Output;

/// <summary>The report of a scan of a library, for people.</summary>
internal sealed class ScanText(TextWriter output, string library) : IPrinter<ScanReport>
{
    public void Print(ScanReport item)
    {
        output.Labelled("library", library);
        output.Labelled("", $"{Sizes.Count(item.Files, "file")}, {Sizes.Bytes(item.Bytes)}");
        (long Count, string Word)[] kinds =
        [
            (item.New, "new"), (item.Changed, "changed"), (item.Renamed, "renamed"), (item.Removed, "removed"),
            (item.Duplicates, "with the contents of another"), (item.Busy, "still being written"),
        ];
        var found = string.Join(", ", kinds.Where(k => k.Count > 0).Select(k => $"{k.Count} {k.Word}"));
        output.Labelled("found", found.Length == 0 ? "everything as it was" : found);
        if (item.DeletedForGood > 0)
            output.Labelled("", $"{Sizes.Count(item.DeletedForGood, "content")} will not come back ('holdfast library undelete' undoes it)");
        foreach (var (path, reason) in item.Unreadable)
            output.Labelled("unreadable", $"{path}: {reason}");
        output.Labelled("took", $"{Sizes.Duration(item.Duration)}, {Sizes.Duration(item.HashDuration)} of it to read {Sizes.Bytes(item.BytesHashed)}");
    }

    public void Finish()
    {
    }
}
