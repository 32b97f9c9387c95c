using System.CommandLine;
using Holdfast.Cli.Output;
using Holdfast.Cli.Places;
using Holdfast.Cli.Repairing;
using Holdfast.Cli.Runs;
using Holdfast.Core.Engine.Repairing;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Jobs;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;

namespace Holdfast.Cli.Commands;

/// <summary><c>holdfast repair</c>: takes damaged contents of a place back from wherever they still are, or makes the record of one anew.</summary>
internal static class RepairCommand
{
    private static readonly Option<bool> ReadData = new("--read-data") { Description = "Read every content back to find what is damaged; without it sizes and times tell" };
    private static readonly Option<bool> DryRun = new("--dry-run", "-n") { Description = "Show what would be taken from where, and write nothing" };
    private static readonly Option<string[]> From = new("--from") { Description = "Take contents from this place too", HelpName = "TARGET" };

    private static readonly Option<string[]> Rebuild = new("--rebuild") { Description = "Build the record of this snapshot anew out of the folders, also when the disk does not give the old one; a damaged one is without asking", HelpName = "SNAPSHOT" };
    private static readonly Option<bool> Force = new("--force") { Description = "Build it anew even when it is intact: it will know less then" };

    public static Verb Create()
    {
        var place = ReadingOptions.Place();
        var verb = new Verb("repair", "Build damaged records of a place anew, and take damaged contents back from the source or another place; of volumes, make the database anew and say what is missing")
        {
            ExitCodes = [ExitCode.Failed, ExitCode.Incomplete, ExitCode.NoPlace, ExitCode.Locked, ExitCode.WrongPassword, ExitCode.Interrupted],
            Examples = ["holdfast repair documents --read-data --dry-run", "holdfast repair mirror:/media/usb/backup --from mirror:/media/other/backup", "holdfast repair volumes:/mnt/archive --gpg-passphrase-file ~/volumes.pass"],
        };
        verb.Add(place);
        foreach (var option in new Option[] { ReadData, From, Rebuild, Force, DryRun, RunFlags.Wait }.Concat(ReadingOptions.Reaching))
            verb.Add(option);
        return verb.Does(async (session, parse, cancellationToken) =>
        {
            var code = ExitCode.Done;
            var typed = parse.GetRequiredValue(place);
            var addresses = TargetChoice.All(session, typed);
            foreach (var address in addresses)
                try
                {
                    code = ExitCode.Worse(code, await RunAsync(session, parse, typed, address, addresses, cancellationToken));
                }
                catch (HoldfastException e) when (addresses.Count > 1 && e.Kind != ErrorKind.Usage)
                {
                    // Of a job's places one may be at home and one elsewhere.
                    code = ExitCode.Worse(code, Failures.Print(session, e));
                }
            return code;
        });
    }

    private static async Task<int> RunAsync(Session session, ParseResult parse, string typed, TargetAddress address, IReadOnlyList<TargetAddress> job, CancellationToken cancellationToken)
    {
        var target = TargetChoice.Open(session, typed, address);
        if (target is IRecordRepair record)
            return parse.GetValue(ReadData) || parse.GetValue(DryRun) || parse.GetValue(From) is { Length: > 0 }
                ? throw new HoldfastException(ErrorKind.Usage, $"'{address}' is repaired out of itself, and always read as a whole.", "Leave out --read-data, --dry-run and --from.")
                : await RecordRepair.RunAsync(session, target, record, RunFlags.WaitTime(parse), cancellationToken);
        if (target is not IRepair repair)
            throw new HoldfastException(ErrorKind.Usage, $"'{address}' cannot be repaired.");
        var named = (parse.GetValue(From) ?? []).Select(text => TargetOpening.Parse(session, text)).ToList();
        var others = new List<ISnapshots>();
        try
        {
            foreach (var other in named.Concat(job).Where(a => a != address).Distinct())
                if (TryOpen(session, typed, other, isNamed: named.Contains(other)) is { } opened)
                    others.Add(opened);
            var dryRun = parse.GetValue(DryRun);
            var options = new RepairOptions
            {
                ReadData = parse.GetValue(ReadData),
                DryRun = dryRun,
                Rebuild = parse.GetValue(Rebuild) ?? [],
                Force = parse.GetValue(Force),
                StateFolder = session.StateFolder,
                Donors = [.. SourceOf(session, address), .. others.Select(o => new PlaceDonor(o))],
                Purpose = $"{session.Config.Client} repair",
                Wait = RunFlags.WaitTime(parse),
            };
            var lost = 0;
            var printer = session.Printer(text => new RepairedText(text, target.Name, dryRun), json => new RepairedJson(json, target.Name));
            await repair.RepairAsync(options, Print, cancellationToken);
            printer.Finish();
            return lost == 0 ? ExitCode.Done : ExitCode.Failed;

            void Print(Repaired item)
            {
                lost += item.From is null ? 1 : 0;
                printer.Print(item);
            }
        }
        finally
        {
            others.ForEach(o => o.Dispose());
        }
    }

    private static ISnapshots? TryOpen(Session session, string typed, TargetAddress address, bool isNamed)
    {
        try
        {
            return TargetChoice.Open(session, typed, address).OpenSnapshots();
        }
        catch (HoldfastException e) when (!isNamed)
        {
            ErrorPrinter.Remark(session, $"nothing is taken from {address}: {e.Message}");
            return null;
        }
    }

    /// <summary>The folders the place's marker names, when they are this machine's.</summary>
    private static IEnumerable<IContentDonor> SourceOf(Session session, TargetAddress address)
    {
        PlaceMarker? marker = null;
        try
        {
            using var folder = LocalFolders.OpenForReading(address.LocalPath!);
            marker = PlaceMarker.TryRead(folder);
        }
        catch (FileSystemException)
        {
            // The repair itself says so.
        }
        if (marker is not null && marker.Client == session.Config.Client)
            yield return new SourceDonor(marker.Sources);
    }
}
