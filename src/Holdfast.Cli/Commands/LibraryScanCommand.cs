using System.CommandLine;
using Holdfast.Cli.Output;
using Holdfast.Cli.Places;
using Holdfast.Cli.Runs;
using Holdfast.Core.Jobs;
using Holdfast.Library.Scanning;

namespace Holdfast.Cli.Commands;

/// <summary><c>holdfast library scan</c>: what people did to the files of a library.</summary>
internal static class LibraryScanCommand
{
    private static readonly Argument<string> Place = new("JOB|TARGET|PATH") { Description = "A job with a library, a target such as library:/srv/photos, or its folder" };
    private static readonly Option<string?> Deleted = new("--deleted") { Description = "What becomes of contents that people remove, from now on: forget (they may come back with the next upload) or remember (they do not, until 'library undelete')", HelpName = "forget|remember" };
    private static readonly Option<string?> Rest = new("--rest") { Description = "Leave files for the next scan that were written to less than this ago (default 2s)", HelpName = "DURATION" };
    private static readonly Option<bool> AllowDeletions = new("--allow-deletions") { Description = "Go on although many files are gone (the deletion brake), and take out what lies on a disk that is not mounted" };
    private static readonly Option<string?> MaxDelete = new("--max-delete") { Description = "The share of files that may be gone without asking (default 25%)", HelpName = "SHARE" };

    public static Verb Create()
    {
        Deleted.AcceptOnlyFromAmong("forget", "remember");
        Place.CompletionSources.Add(JobNames.Complete);
        var verb = new Verb("scan", "Find what was added, changed, renamed and removed by hand; reads only files that are not as they were")
        {
            ExitCodes = [ExitCode.Failed, ExitCode.Incomplete, ExitCode.NoPlace, ExitCode.Locked, ExitCode.Interrupted],
            Examples = ["holdfast library scan library:/srv/photos", "holdfast library scan /srv/photos --deleted remember"],
        };
        verb.Add(Place);
        foreach (var option in new Option[] { Deleted, Rest, AllowDeletions, MaxDelete, RunFlags.Wait })
            verb.Add(option);
        return verb.Does(async (session, parse, cancellationToken) =>
        {
            await using var library = await LibraryChoice.OpenAsync(session, parse.GetRequiredValue(Place), "library scan", RunFlags.WaitTime(parse), cancellationToken);
            if (parse.GetValue(Deleted) is { } deleted)
                library.SetRemembersDeleted(deleted == "remember");
            var findings = session.Printer(text => new ScanFindingText(text), json => new ScanFindingJson(json));
            var options = new ScanOptions
            {
                Rest = FlagValue.Of(parse, Rest, Duration.Parse) ?? new ScanOptions().Rest,
                MaxDelete = FlagValue.Of(parse, MaxDelete, Share.Parse) ?? new ScanOptions().MaxDelete,
                AllowDeletions = parse.GetValue(AllowDeletions),
                OnFound = findings.Print,
            };
            var report = library.Scan(options, cancellationToken);
            findings.Finish();
            session.Printer(text => new ScanText(text, library.Name), json => new ScanJson(json, library.Name)).Print(report);
            return report.Unreadable.Count > 0 ? ExitCode.Incomplete : ExitCode.Done;
        });
    }
}
