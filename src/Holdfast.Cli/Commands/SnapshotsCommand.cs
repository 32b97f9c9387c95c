using System.CommandLine;
using Holdfast.Cli.Output;
using Holdfast.Cli.Runs;

namespace Holdfast.Cli.Commands;

/// <summary><c>holdfast snapshots</c>: what a place can give back.</summary>
internal static class SnapshotsCommand
{
    private static readonly Option<string[]> Tag = new("--tag") { Description = "Only those with this tag; TAG,TAG means both, a further --tag means or, '' means without tags", HelpName = "TAG[,TAG]" };

    public static Verb Create()
    {
        var place = ReadingOptions.Place();
        var verb = new Verb("snapshots", "List the snapshots of a place, oldest first")
        {
            ExitCodes = [ExitCode.Failed, ExitCode.NoPlace, ExitCode.WrongPassword, ExitCode.Interrupted],
            Examples = ["holdfast snapshots documents", "holdfast snapshots mirror:/media/usb/backup", "holdfast snapshots documents --tag before-upgrade"],
        };
        verb.Add(place);
        foreach (var option in ReadingOptions.Reaching)
            verb.Add(option);
        verb.Add(Tag);
        return verb.Does((session, parse, _) =>
        {
            var tags = FlagValue.TagFilter(parse, Tag);
            using var snapshots = ReadingOptions.Open(session, parse.GetRequiredValue(place));
            var printer = session.Printer(text => new SnapshotText(text), json => new SnapshotJson(json));
            foreach (var snapshot in snapshots.Snapshots.Where(tags.Accepts))
                printer.Print(snapshot);
            printer.Finish();
            return Task.FromResult(ExitCode.Done);
        });
    }
}
