using Holdfast.Cli.Output;

namespace Holdfast.Cli.Commands;

/// <summary><c>holdfast check</c>: whether a place holds what its records say.</summary>
internal static class CheckCommand
{
    public static Verb Create()
    {
        var place = ReadingOptions.Place();
        var verb = new Verb("check", "Check that a place holds what its records say, without reading all contents")
        {
            ExitCodes = [ExitCode.Failed, ExitCode.NoPlace, ExitCode.WrongPassword, ExitCode.Interrupted],
            Examples = ["holdfast check documents", "holdfast check mirror:/media/usb/backup --json"],
        };
        verb.Add(place);
        verb.Add(ReadingOptions.PassphraseFile);
        return verb.Does((session, parse, cancellationToken) =>
        {
            using var snapshots = ReadingOptions.Open(session, parse.GetRequiredValue(place));
            var printer = session.Printer(text => new FindingText(text, snapshots), json => new FindingJson(json, snapshots));
            var findings = 0;
            foreach (var finding in snapshots.CheckStructure(cancellationToken))
            {
                findings++;
                printer.Print(finding);
            }
            printer.Finish();
            return Task.FromResult(findings == 0 ? ExitCode.Done : ExitCode.Failed);
        });
    }
}
