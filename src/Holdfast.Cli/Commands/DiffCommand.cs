using System.CommandLine;
using Holdfast.Cli.Output;
using Holdfast.Core.Engine.Comparing;

namespace Holdfast.Cli.Commands;

/// <summary><c>holdfast diff</c>: what differs between two snapshots.</summary>
internal static class DiffCommand
{
    private static readonly Option<bool> ExitCodeOption = new("--exit-code") { Description = "End with 1 when there are differences, as with git diff" };

    public static Verb Create()
    {
        var place = ReadingOptions.Place();
        var first = Snapshot("A", "The snapshot that is compared: latest, an id, a time (as it was then), or N for the N-th newest");
        var second = Snapshot("B", "The snapshot it is compared with");
        var paths = ReadingOptions.Paths("Paths relative to the source, each with all below it; without any, everything");
        var verb = new Verb("diff", "Show what differs between two snapshots: added, changed, metadata, moved, removed")
        {
            ExitCodes = [ExitCode.Failed, ExitCode.NoPlace, ExitCode.WrongPassword, ExitCode.Interrupted],
            Examples = ["holdfast diff documents 2 1", "holdfast diff mirror:/media/usb/backup 2026-10-01 latest Projects"],
        };
        verb.Add(place);
        foreach (var option in ReadingOptions.Reaching)
            verb.Add(option);
        verb.Add(first);
        verb.Add(second);
        verb.Add(paths);
        verb.Add(ExitCodeOption);
        return verb.Does((session, parse, cancellationToken) =>
        {
            using var snapshots = ReadingOptions.Open(session, parse.GetRequiredValue(place));
            var a = ReadingOptions.Choose(session, snapshots, parse.GetRequiredValue(first));
            var b = ReadingOptions.Choose(session, snapshots, parse.GetRequiredValue(second));
            var differences = new SnapshotDifferences(snapshots).Between(a, b, [.. (parse.GetValue(paths) ?? []).Select(ArgumentBytes.Path)], cancellationToken);
            var printer = session.Printer(text => new DifferenceText(text, a, b), json => new DifferenceJson(json, a, b));
            foreach (var difference in differences)
                printer.Print(difference);
            printer.Finish();
            return Task.FromResult(parse.GetValue(ExitCodeOption) && differences.Count > 0 ? ExitCode.Failed : ExitCode.Done);
        });
    }

    private static Argument<string> Snapshot(string name, string description) => new(name) { Description = description };
}
