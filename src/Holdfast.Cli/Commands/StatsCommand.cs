using Holdfast.Cli.Output;
using Holdfast.Core.Engine.Measuring;

namespace Holdfast.Cli.Commands;

/// <summary><c>holdfast stats</c>: what the snapshots of a place hold, add and share.</summary>
internal static class StatsCommand
{
    public static Verb Create()
    {
        var place = ReadingOptions.Place();
        var verb = new Verb("stats", "Show what each snapshot holds and adds, what links save, and how the place grows")
        {
            ExitCodes = [ExitCode.Failed, ExitCode.NoPlace, ExitCode.WrongPassword, ExitCode.Interrupted],
            Examples = ["holdfast stats documents", "holdfast stats mirror:/media/usb/backup --json"],
        };
        verb.Add(place);
        foreach (var option in ReadingOptions.Reaching)
            verb.Add(option);
        return verb.Does((session, parse, cancellationToken) =>
        {
            using var snapshots = ReadingOptions.Open(session, parse.GetRequiredValue(place));
            var printer = session.Printer(text => new UsageText(text), json => new UsageJson(json));
            printer.Print(UsageCount.Of(snapshots, cancellationToken));
            printer.Finish();
            return Task.FromResult(ExitCode.Done);
        });
    }
}
