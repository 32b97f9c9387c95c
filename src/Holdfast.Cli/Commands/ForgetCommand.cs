using System.CommandLine;
using Holdfast.Cli.Output;
using Holdfast.Cli.Places;
using Holdfast.Cli.Runs;
using Holdfast.Core.Jobs;
using Holdfast.Core.Model;
using Holdfast.Core.Sources.Rules;
using Holdfast.Core.Targets;

namespace Holdfast.Cli.Commands;

/// <summary><c>holdfast forget</c>: lets old snapshots go; the others stay exactly as they are.</summary>
internal static class ForgetCommand
{
    private static readonly Option<bool> DryRun = new("--dry-run", "-n") { Description = "Show which snapshots would go, and why, and write nothing" };

    private static readonly Option<string[]> Paths = new("--path")
    {
        Description = "Take what this names out of the history instead; what the newest snapshot lists stays",
        HelpName = "PATTERN",
    };

    public static Verb Create()
    {
        var place = ReadingOptions.Place();
        var named = new Argument<string[]>("SNAPSHOT") { Description = "Forget these: an id, a time, or N for the N-th newest; without any, what 'keep' and --keep-… do not keep", Arity = ArgumentArity.ZeroOrMore };
        var verb = new Verb("forget", "Forget old snapshots; the newest always stays, and the others stay as they are")
        {
            ExitCodes = [ExitCode.Failed, ExitCode.NoPlace, ExitCode.Locked, ExitCode.WrongPassword, ExitCode.Interrupted],
            Examples =
            [
                "holdfast forget documents --dry-run",
                "holdfast forget documents --keep-last 5 --keep-daily 7 --keep-within 14d",
                "holdfast forget mirror:/media/usb/backup 000041-20261119T020000Z",
                "holdfast forget documents --path 'Videos/*.mkv' --dry-run",
            ],
        };
        verb.Add(place);
        foreach (var option in ReadingOptions.Reaching)
            verb.Add(option);
        verb.Add(named);
        foreach (var option in KeepFlags.All.Append(Paths).Append(DryRun).Append(RunFlags.Wait))
            verb.Add(option);
        return verb.Does(async (session, parse, cancellationToken) =>
        {
            var (typed, snapshots) = (parse.GetRequiredValue(place), parse.GetValue(named) ?? []);
            var masks = MasksOf(parse, snapshots);
            var decide = masks is null ? DeciderOf(session, parse, typed, snapshots) : null;
            var code = ExitCode.Done;
            foreach (var address in TargetChoice.All(session, typed))
                try
                {
                    var target = TargetChoice.Open(session, typed, address);
                    if (target is IForget or IForgetPaths && TargetChoice.FindJob(session, typed) is { } job)
                        target.OpenSnapshots(KnownPlaces.RequestOf(session, job)).Dispose(); // Another disk in its stand is refused.
                    if (masks is null)
                        await RunAsync(session, parse, target, decide!, cancellationToken);
                    else
                        await ForgetPathsAsync(session, parse, target, masks, cancellationToken);
                }
                catch (HoldfastException e) when (snapshots.Length == 0 && e.Kind != ErrorKind.Usage)
                {
                    // Of a job's places one may be at home and one elsewhere.
                    code = ExitCode.Worse(code, Failures.Print(session, e));
                }
            return code;
        });
    }

    private static async Task RunAsync(
        Session session, ParseResult parse, IPlaceTarget target, Func<IReadOnlyList<Snapshot>, IReadOnlyList<RetentionDecision>> decide, CancellationToken cancellationToken)
    {
        if (target is not IForget forget)
            throw new HoldfastException(ErrorKind.Usage, $"{target.Name} keeps no past, so there is nothing to forget.");
        var dryRun = parse.GetValue(DryRun);
        if (target is IForgetSpare keeping)
            decide = WithoutNeeded(decide, keeping.Spare());
        if (dryRun)
        {
            using var opened = target.OpenSnapshots();
            Print(decide(opened.Snapshots));
            return;
        }
        IReadOnlyList<Snapshot> Choose(IReadOnlyList<Snapshot> all)
        {
            var decisions = decide(all);
            Print(decisions);
            return [.. decisions.Where(d => !d.IsKept).Select(d => d.Snapshot)];
        }
        await forget.ForgetAsync(Choose, $"{session.Config.Client} forget", RunFlags.WaitTime(parse), cancellationToken);

        void Print(IReadOnlyList<RetentionDecision> decisions)
        {
            var printer = session.Printer(text => new RetentionText(text, target.Name, dryRun), json => new RetentionJson(json, target.Name));
            foreach (var decision in decisions)
                printer.Print(decision);
            printer.Finish();
        }
    }

    private static async Task ForgetPathsAsync(Session session, ParseResult parse, IPlaceTarget target, RuleList masks, CancellationToken cancellationToken)
    {
        if (target is not IForgetPaths forget)
            throw new HoldfastException(ErrorKind.Usage, $"{target.Name} cannot forget single files.");
        var dryRun = parse.GetValue(DryRun);
        var printer = session.Printer(text => new ForgottenText(text, target.Name, dryRun), json => new ForgottenJson(json, target.Name));
        await forget.ForgetPathsAsync(masks, printer.Print, dryRun, $"{session.Config.Client} forget", RunFlags.WaitTime(parse), cancellationToken);
        printer.Finish();
    }

    /// <summary>The patterns of files to forget, or null when snapshots are to go.</summary>
    private static RuleList? MasksOf(ParseResult parse, string[] snapshots)
    {
        if (parse.GetValue(Paths) is not { Length: > 0 } patterns)
            return null;
        return snapshots.Length == 0 && KeepFlags.Of(parse) is null
            ? RuleList.Parse(patterns.Select(p => new RuleText(p)))
            : throw new HoldfastException(ErrorKind.Usage, "--path takes files out of all snapshots; it goes neither with named snapshots nor with --keep-….");
    }

    /// <summary>From all snapshots of a place to what becomes of each.</summary>
    /// <exception cref="HoldfastException">Neither snapshots nor rules are given, or both.</exception>
    private static Func<IReadOnlyList<Snapshot>, IReadOnlyList<RetentionDecision>> DeciderOf(Session session, ParseResult parse, string typed, string[] named)
    {
        var flags = KeepFlags.Of(parse);
        var zone = session.Time.LocalTimeZone;
        if (named.Length > 0)
            return flags is null
                ? all => Named(all, named, zone)
                : throw new HoldfastException(ErrorKind.Usage, "either snapshots are named, or --keep-… says which stay, not both.");
        var keepsSpareOnly = TargetChoice.All(session, typed).All(t => t.Kind == TargetKind.Volumes);
        if (flags is null && keepsSpareOnly && (TargetChoice.FindJob(session, typed) is not { Keep: not null }))
            return all => [.. all.Select(s => new RetentionDecision(s, s == all[^1] ? ["the newest"] : []))];
        var keep = flags ?? (TargetChoice.FindJob(session, typed) is { } job ? job.Keep : null)
            ?? throw new HoldfastException(ErrorKind.Usage, "nothing says which snapshots stay.", "Give --keep-last, --keep-daily, …, or 'keep:' in the job's config, or name the snapshots to forget.");
        return all => RetentionRules.Decide(all, keep, zone);
    }

    /// <summary>A volume stays as long as the last copy of something lies in it.</summary>
    private static Func<IReadOnlyList<Snapshot>, IReadOnlyList<RetentionDecision>> WithoutNeeded(
        Func<IReadOnlyList<Snapshot>, IReadOnlyList<RetentionDecision>> decide, IReadOnlyList<Snapshot> spare)
    {
        var mayGo = spare.Select(s => s.Number).ToHashSet();
        return all => [.. decide(all).Select(d => d.IsKept || mayGo.Contains(d.Snapshot.Number) ? d : new RetentionDecision(d.Snapshot, ["it holds last copies"]))];
    }

    private static IReadOnlyList<RetentionDecision> Named(IReadOnlyList<Snapshot> all, string[] named, TimeZoneInfo zone)
    {
        var goes = named.Select(text => SnapshotChoice.Choose(all, text, zone).Number).ToHashSet();
        return goes.Contains(all[^1].Number)
            ? throw new HoldfastException(ErrorKind.Usage, $"{all[^1].Id} is the newest snapshot and is never forgotten.", "Name older snapshots.")
            : [.. all.Select(s => new RetentionDecision(s, goes.Contains(s.Number) ? [] : ["not named"]))];
    }
}
