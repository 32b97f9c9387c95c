using System.CommandLine;
using Holdfast.Cli.Output;
using Holdfast.Cli.Places;
using Holdfast.Cli.Runs;
using Holdfast.Core.Engine.Restoring;
using Holdfast.Core.Jobs;
using Holdfast.Core.Jobs.Reports;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;

namespace Holdfast.Cli.Commands;

/// <summary><c>holdfast check</c>: whether a place holds what its records say.</summary>
internal static class CheckCommand
{
    private const string Name = "check";

    private static readonly Option<string?> ReadData = new("--read-data")
    {
        Description = "Read contents back from the disk too, all or a share of the bytes, those first that were not read for longest",
        HelpName = "PERCENT",
    };

    private static readonly Option<string?> MaxTime = new("--max-time") { Description = "With --read-data: begin no file after this time, for example 30m", HelpName = "TIME" };
    private static readonly Option<int?> Drill = new("--drill") { Description = "Restore this many files of the newest snapshot, chosen at random, to a temporary folder of the state folder, and compare them", HelpName = "FILES" };
    private static readonly Option<string?> Target = new("--target") { Description = "Of a job with several targets this one, not the first that is connected", HelpName = "TARGET" };
    private static readonly Option<int?> Workers = new("--workers") { Description = "With --read-data: files read at once", HelpName = "N" };

    /// <summary>True for this command, as it was parsed.</summary>
    public static bool Is(Command command) => command.Name == Name;

    /// <summary>The share has a '=' before it, so the word after a bare <c>--read-data</c> is the place: all is meant then.</summary>
    public static IReadOnlyList<string> SpellOut(IReadOnlyList<string> arguments) =>
        [.. arguments.Select((argument, i) => argument == ReadData.Name && !arguments.Take(i).Contains("--") ? $"{argument}=100%" : argument)];

    public static Verb Create()
    {
        var place = ReadingOptions.Place();
        var verb = new Verb(Name, "Check that a place holds what its records say; with --read-data, that every byte is right")
        {
            ExitCodes = [ExitCode.Failed, ExitCode.NoPlace, ExitCode.WrongPassword, ExitCode.Interrupted],
            Examples = ["holdfast check documents", "holdfast check documents --read-data=10% --max-time 1h", "holdfast check mirror:/media/usb/backup --read-data --json"],
        };
        verb.Add(place);
        foreach (var option in ReadingOptions.Reaching)
            verb.Add(option);
        foreach (var option in new Option[] { ReadData, MaxTime, Workers, Drill, Target })
            verb.Add(option);
        return verb.Does(async (session, parse, cancellationToken) =>
        {
            var typed = parse.GetRequiredValue(place);
            var options = OptionsOf(session, parse);
            using var snapshots = ReadingOptions.Open(session, typed, TargetOf(session, typed, parse));
            var findings = 0;
            var seen = new HashSet<string>(StringComparer.Ordinal);
            var counters = new VerifyCounters();
            var printer = session.Printer(text => new FindingText(text, snapshots, options is null ? null : counters), json => new FindingJson(json, snapshots, options is null ? null : counters));
            if (!snapshots.IsCheckedElsewhere || (options is null && parse.GetValue(Drill) is null))
                foreach (var finding in snapshots.CheckStructure(cancellationToken))
                    Print(finding);
            if (options is not null)
                await ReadBackAsync(session, typed, snapshots, options, Print, counters, cancellationToken);
            if (parse.GetValue(Drill) is > 0 and var files)
                await DrillAsync(session, snapshots, files, Print, cancellationToken);
            printer.Finish();
            return findings == 0 ? ExitCode.Done : ExitCode.Failed;

            // What is missing or has another size is found twice.
            void Print(CheckFinding finding)
            {
                if (!seen.Add(finding.Path))
                    return;
                findings++;
                printer.Print(finding);
            }
        });
    }

    private static TargetAddress? TargetOf(Session session, string typed, ParseResult parse)
    {
        if (parse.GetValue(Target) is not { } text)
            return null;
        var all = TargetChoice.All(session, typed);
        return all.FirstOrDefault(t => t == TargetOpening.Parse(session, text))
            ?? throw new HoldfastException(ErrorKind.Usage, $"'{text}' is no target of '{typed}'.", $"It has {string.Join(" and ", all)}.");
    }

    private static async Task DrillAsync(Session session, ISnapshots snapshots, int files, Action<CheckFinding> found, CancellationToken cancellationToken)
    {
        StateFolders.Require(session.StateFolder);
        if (await new RestoreDrill(snapshots, session.Time, new Random()).RunAsync(session.StateFolder, files, cancellationToken) is not { } report)
            return;
        foreach (var failure in report.Counters.Failures)
            found(new CheckFinding(failure.Path.ToString(), $"could not be restored: {failure.Reason}", "Restore it from another copy; 'holdfast find' looks for one."));
        DrillLog.Add(session.StateFolder, new Drill(snapshots.Name, report.Started, report.Snapshot.Id, report.Counters.Verified, report.Counters.FailureCount));
        if (!session.Json)
            session.Text.WriteLine($"{snapshots.Name}: {Sizes.Count(report.Counters.Verified, "file")} of {report.Snapshot.Id} restored and compared");
    }

    private static async Task ReadBackAsync(
        Session session, string typed, ISnapshots snapshots, VerifyOptions options, Action<CheckFinding> found, VerifyCounters counters, CancellationToken cancellationToken)
    {
        if (TargetChoice.Targets(session, typed).First(t => t.Name == snapshots.Name) is not IVerify target)
            throw new HoldfastException(ErrorKind.Usage, $"'{snapshots.Name}' has no contents that can be read back.");
        IReadOnlyList<string> remarks;
        using (new Progress(session, elapsed => ProgressState.Of(counters, elapsed)))
            remarks = await target.VerifyAsync(options, found, counters, cancellationToken);
        foreach (var remark in remarks)
            ErrorPrinter.Remark(session, remark);
    }

    private static VerifyOptions? OptionsOf(Session session, ParseResult parse)
    {
        var isAsked = parse.GetResult(ReadData) is not null;
        if (!isAsked && (parse.GetResult(MaxTime) is not null || parse.GetResult(Workers) is not null))
            throw new HoldfastException(ErrorKind.Usage, "--max-time and --workers go with --read-data.");
        return isAsked
            ? new VerifyOptions
            {
                Share = FlagValue.Of(parse, ReadData, Share.Parse) ?? 1,
                MaxTime = FlagValue.Of(parse, MaxTime, Duration.Parse),
                Workers = parse.GetValue(Workers),
                Purpose = $"{session.Config.Client} check",
                Time = session.Time,
            }
            : null;
    }
}
