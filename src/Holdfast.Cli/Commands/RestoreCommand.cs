using System.CommandLine;
using Holdfast.Cli.Output;
using Holdfast.Cli.Places;
using Holdfast.Cli.Runs;
using Holdfast.Core.Engine.Restoring;
using Holdfast.Core.Jobs;
using Holdfast.Core.Model;
using Holdfast.Core.Sources.Rules;
using Holdfast.Core.Targets;

namespace Holdfast.Cli.Commands;

/// <summary><c>holdfast restore</c>: gives files of a snapshot back.</summary>
internal static class RestoreCommand
{
    private static readonly Option<string?> To = new("--to") { Description = "Put the paths under this folder", HelpName = "DIR" };
    private static readonly Option<bool> InPlace = new("--in-place") { Description = "Put them where they came from" };
    private static readonly Option<string[]> Include = new("--include") { Description = "Restore only what this names", HelpName = "PATTERN" };
    private static readonly Option<string[]> Exclude = new("--exclude") { Description = "Leave out what this names", HelpName = "PATTERN" };
    private static readonly Option<Overwrite> Existing = new("--overwrite")
    {
        Description = "What is there already gives way: never, when it is older, when it differs (changed), always",
        HelpName = "never|older|changed|always",
        DefaultValueFactory = _ => Overwrite.Changed,
    };
    private static readonly Option<bool> Delete = new("--delete") { Description = "Remove from restored folders what the snapshot does not have in them" };
    private static readonly Option<bool> Verify = new("--verify") { Description = "Read every file back from the disk and compare its hash" };
    private static readonly Option<bool> Checksum = new("--checksum", "-c") { Description = "Compare contents, not times, with what is there" };
    private static readonly Option<bool> DryRun = new("--dry-run", "-n") { Description = "Show what would happen, path by path, and write nothing" };
    private static readonly Option<bool> AllowDeletions = new("--allow-deletions") { Description = "With --delete: go on although many files would be removed" };
    private static readonly Option<string?> MaxDelete = new("--max-delete") { Description = "With --delete: the share of files that may go without asking (default 25%)", HelpName = "SHARE" };
    private static readonly Option<int?> Workers = new("--workers") { Description = "Files written at once", HelpName = "N" };

    public static Verb Create()
    {
        var place = ReadingOptions.Place();
        var at = ReadingOptions.At();
        var asUploaded = ReadingOptions.AsUploaded();
        var paths = ReadingOptions.Paths("Paths relative to the source, each with all below it; without any, everything");
        var verb = new Verb("restore", "Give files of a snapshot back")
        {
            ExitCodes = [ExitCode.Failed, ExitCode.Incomplete, ExitCode.NoPlace, ExitCode.WrongPassword, ExitCode.Interrupted],
            Examples =
            [
                "holdfast restore documents Projects/a.txt --at 2026-11-01 --to ~/out",
                "holdfast restore documents --in-place --dry-run",
                "holdfast restore mirror:/media/usb/backup --to /mnt/new --verify",
                "holdfast restore library:/srv/photos --as-uploaded phone --to /mnt/new",
            ],
        };
        verb.Add(place);
        foreach (var option in ReadingOptions.Reaching)
            verb.Add(option);
        verb.Add(paths);
        foreach (var option in new Option[] { at, asUploaded, To, InPlace, Include, Exclude, Existing, Delete, Verify, Checksum, DryRun, AllowDeletions, MaxDelete, Workers })
            verb.Add(option);
        return verb.Does(async (session, parse, cancellationToken) =>
        {
            using var snapshots = ReadingOptions.Open(session, parse.GetRequiredValue(place), parse.GetValue(asUploaded));
            var snapshot = ReadingOptions.Choose(session, snapshots, parse.GetRequiredValue(at));
            var options = OptionsOf(session, parse, parse.GetRequiredValue(place)) with { Paths = [.. (parse.GetValue(paths) ?? []).Select(ArgumentBytes.Path)] };
            return await RunAsync(session, snapshots, snapshot, options, cancellationToken);
        });
    }

    private static async Task<int> RunAsync(Session session, ISnapshots snapshots, Snapshot snapshot, RestoreOptions options, CancellationToken cancellationToken)
    {
        var counters = new RestoreCounters();
        var planned = session.Printer(text => new RestoreStepText(text), json => new RestoreStepJson(json));
        if (options.DryRun)
            options = options with { OnPlanned = (path, action) => planned.Print(new RestoreStep(path, action)) };
        RestoreReport report;
        using (new Progress(session, elapsed => ProgressState.Of(counters, elapsed)))
            report = await new Restore(snapshots, session.Time).RunAsync(snapshot, options, counters, cancellationToken);
        planned.Finish();
        var printer = session.Printer(text => new RestoreText(text, session.Verbose), json => new RestoreJson(json));
        printer.Print(report);
        printer.Finish();
        return report.IsComplete ? ExitCode.Done : ExitCode.Incomplete;
    }

    private static RestoreOptions OptionsOf(Session session, ParseResult parse, string place)
    {
        var to = parse.GetValue(To);
        var inPlace = parse.GetValue(InPlace);
        if ((to is null) == !inPlace)
            throw new HoldfastException(ErrorKind.Usage, "say where to: either --to DIR, or --in-place for where the files came from.");
        if (to is not null)
            RestoreFolder.RequireOutsidePlaces(Path.GetFullPath(to));
        var (include, exclude) = (RulesOf(parse, Include), RulesOf(parse, Exclude));
        return new RestoreOptions
        {
            To = to is null ? null : Path.GetFullPath(to),
            InPlace = inPlace ? Origins.Of(session, place) : [],
            Include = include.IsEmpty ? null : (path, isFolder) => include.LastMatch(path, isFolder) is { Negated: false },
            Exclude = exclude.IsEmpty ? null : (path, isFolder) => exclude.LastMatch(path, isFolder) is { Negated: false },
            Overwrite = parse.GetValue(Existing),
            Checksum = parse.GetValue(Checksum),
            Delete = parse.GetValue(Delete),
            MaxDelete = FlagValue.Of(parse, MaxDelete, Share.Parse) ?? 0.25,
            AllowDeletions = parse.GetValue(AllowDeletions),
            Verify = parse.GetValue(Verify),
            DryRun = parse.GetValue(DryRun),
            Workers = parse.GetValue(Workers),
        };
    }

    private static RuleList RulesOf(ParseResult parse, Option<string[]> option) => RuleList.Parse((parse.GetValue(option) ?? []).Select(p => new RuleText(p)));
}
