using System.Globalization;
using Holdfast.Cli.Output;
using Holdfast.Core.Engine.Safe;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;

namespace Holdfast.Cli.Safe;

/// <summary>The answer for people: every file that is not safe, and why; those that are by name when they were named or with -v.</summary>
internal sealed class SafeText(TextWriter output, bool everything)
{
    public void Print(Judged item, bool isNamed)
    {
        var verdict = item.Verdict;
        if (verdict.IsSafe && !everything && !isNamed)
            return;
        output.WriteLine($"{(verdict.IsSafe ? "safe    " : Terminal.OutputStyle.Red("NOT SAFE"))}  {PathText.ForPeople(verdict.Item.Shown)}{(verdict.IsSafe ? "" : ": " + Reason(verdict))}");
        foreach (var copy in verdict.Copies)
            output.WriteLine($"          {copy.Where ?? $"{copy.Place.Name} {copy.Copy.Entry.Entry.Path}"}: {copy.Problem ?? Kept(copy)}");
        foreach (var copy in item.Remembered)
            output.WriteLine($"          {copy.PlaceName}: {copy.Path} was there on {Sizes.Time(copy.Seen)}; not connected now");
    }

    public void Print(Deleted item)
    {
        if (item.Left is { } reason)
            output.WriteLine($"{Terminal.OutputStyle.Red("left    ")}  {PathText.ForPeople(item.Verdict.Item.Shown)}: {reason}");
        else if (everything)
            output.WriteLine($"deleted   {PathText.ForPeople(item.Verdict.Item.Shown)}");
    }

    public void Print(SafeTotals totals)
    {
        foreach (var (place, problem) in totals.Absent)
            output.WriteLine($"not asked {place}: {problem}");
        var files = $"{Sizes.Count(totals.Files, "file")} ({Sizes.Bytes(totals.Bytes)})";
        output.WriteLine(totals.Files == 0 ? "there are no files"
            : totals.EveryFileIsSafe ? $"yes: {files}, each with a copy that survives"
            : Terminal.OutputStyle.Red("no") + $": of {files} {totals.Files - totals.Safe} {(totals.Files - totals.Safe == 1 ? "has" : "have")} no copy that is known to survive");
    }

    private static string Reason(FileVerdict verdict) =>
        verdict.Problem ?? (verdict.Copies.Count == 0 ? "no copy is known" : "no copy of it survives");

    private static string Kept(CopyVerdict copy) =>
        $"kept {Kept(copy.Kept)}, {(copy.ReadBack ? "read back just now" : copy.Copy.Verified is { } date ? "read back on " + Sizes.Time(date) : "not read back yet")}";

    public static string Kept(KeptUntil kept)
    {
        if (kept.Forever)
            return "until it is forgotten by hand";
        var snapshots = kept.Snapshots > 0 ? $"for {Sizes.Count(kept.Snapshots, "more snapshot")}" : null;
        var date = kept.Date is { } until ? "until " + until.ToLocalTime().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) : null;
        return string.Join(" and ", new[] { date, snapshots }.OfType<string>());
    }
}
