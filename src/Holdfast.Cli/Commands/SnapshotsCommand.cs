using Holdfast.Cli.Output;

namespace Holdfast.Cli.Commands;

/// <summary><c>holdfast snapshots</c>: what a place can give back.</summary>
internal static class SnapshotsCommand
{
    public static Verb Create()
    {
        var place = ReadingOptions.Place();
        var verb = new Verb("snapshots", "List the snapshots of a place, oldest first")
        {
            ExitCodes = [ExitCode.Failed, ExitCode.NoPlace, ExitCode.WrongPassword, ExitCode.Interrupted],
            Examples = ["holdfast snapshots documents", "holdfast snapshots mirror:/media/usb/backup"],
        };
        verb.Add(place);
        verb.Add(ReadingOptions.PassphraseFile);
        return verb.Does((session, parse, _) =>
        {
            using var snapshots = ReadingOptions.Open(session, parse.GetRequiredValue(place));
            var printer = session.Printer(text => new SnapshotText(text), json => new SnapshotJson(json));
            foreach (var snapshot in snapshots.Snapshots)
                printer.Print(snapshot);
            printer.Finish();
            return Task.FromResult(ExitCode.Done);
        });
    }
}
