using System.CommandLine;
using Holdfast.Cli.Output;
using Holdfast.Cli.Places;
using Holdfast.Cli.Runs;
using Holdfast.Core.Model;

namespace Holdfast.Cli.Commands;

/// <summary><c>holdfast library undelete</c>: lets contents come back that were deleted for good.</summary>
internal static class LibraryUndeleteCommand
{
    private static readonly Argument<string> Place = new("JOB|TARGET|PATH") { Description = "A job with a library, a target such as library:/srv/photos, or its folder" };
    private static readonly Argument<string[]> What = new("WHAT") { Description = "Paths they had (each with all below it) or SHA-256 hashes; without any, they are listed", Arity = ArgumentArity.ZeroOrMore };
    private static readonly Option<bool> All = new("--all") { Description = "All of them" };

    public static Verb Create()
    {
        Place.CompletionSources.Add(JobNames.Complete);
        var verb = new Verb("undelete", "List what was deleted for good, or let it come back with the next upload")
        {
            ExitCodes = [ExitCode.Failed, ExitCode.NoPlace, ExitCode.Locked, ExitCode.Interrupted],
            Examples = ["holdfast library undelete library:/srv/photos", "holdfast library undelete /srv/photos 2024/blurred.jpg"],
        };
        verb.Add(Place);
        verb.Add(What);
        verb.Add(All);
        verb.Add(RunFlags.Wait);
        return verb.Does(async (session, parse, cancellationToken) =>
        {
            await using var library = await LibraryChoice.OpenAsync(session, parse.GetRequiredValue(Place), "library undelete", RunFlags.WaitTime(parse), cancellationToken);
            var deleted = library.Deleted();
            var (what, all) = (parse.GetValue(What) ?? [], parse.GetValue(All));
            var chosen = all || what.Length == 0 ? deleted : [.. what.SelectMany(w => Named(deleted, w)).Distinct()];
            if (all || what.Length > 0)
                library.Undelete([.. chosen.Select(d => d.Content)]);
            var printer = session.Printer(text => new DeletedText(text), json => new DeletedJson(json));
            foreach (var item in chosen)
                printer.Print(item);
            printer.Finish();
            return ExitCode.Done;
        });
    }

    private static IEnumerable<(ContentId Content, EntryPath? Path)> Named(IReadOnlyList<(ContentId Content, EntryPath? Path)> deleted, string what)
    {
        var path = ArgumentBytes.Path(what);
        var found = deleted.Where(d => d.Path?.IsAtOrUnder(path) == true || d.Content.ToString().Equals(what, StringComparison.OrdinalIgnoreCase)).ToList();
        return found.Count > 0
            ? found
            : throw new HoldfastException(ErrorKind.Failed, $"nothing of the name '{what}' was deleted for good.", "Without a name, 'holdfast library undelete' lists what was.");
    }
}
