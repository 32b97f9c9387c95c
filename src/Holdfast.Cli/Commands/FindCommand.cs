using System.CommandLine;
using Holdfast.Cli.Output;
using Holdfast.Cli.Runs;
using Holdfast.Core.Engine.Finding;
using Holdfast.Core.Jobs;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;

namespace Holdfast.Cli.Commands;

/// <summary><c>holdfast find</c>: looks for paths in all snapshots.</summary>
internal static class FindCommand
{
    private const int DigitsOfSha256 = 2 * ContentId.Size;

    private static readonly Option<string[]> Name = new("--name") { Description = "A mask for the name, with a / in it for the path; several: any of them. A plain word is found anywhere; * ? [a-z] as in a shell; case counts only when the mask has an upper-case letter", HelpName = "MASK" };
    private static readonly Option<string?> Size = new("--size") { Description = "Files of at least (+10M), at most (-1k), between (1k..10M) or exactly so many bytes", HelpName = "SIZE" };
    private static readonly Option<string?> Newer = new("--newer") { Description = "Modified at this time or later: 2026-11-01, 2026-11-01T14:30, or 7d for seven days ago", HelpName = "TIME" };
    private static readonly Option<string?> Older = new("--older") { Description = "Modified before this time", HelpName = "TIME" };
    private static readonly Option<bool> Deleted = new("--deleted") { Description = "Only what was deleted; with --at, what was gone for the first time in that snapshot" };
    private static readonly Option<string?> Sha256 = new("--sha256") { Description = "Files whose SHA-256 begins so", HelpName = "HEX" };
    private static readonly Option<string?> At = new("--at") { Description = "Only what this snapshot lists: latest, an id, a time (as it was then), or N for the N-th newest", HelpName = "SNAPSHOT" };
    private static readonly Option<bool> History = new("--history") { Description = "Every version of each path found, oldest first" };

    public static Verb Create()
    {
        var place = ReadingOptions.Place();
        var paths = ReadingOptions.Paths("Paths relative to the source, each with all below it; without any, everything");
        var verb = new Verb("find", "Look for files in all snapshots; what stayed the same through many is shown once, and nothing found ends with 1")
        {
            ExitCodes = [ExitCode.Failed, ExitCode.NoPlace, ExitCode.WrongPassword, ExitCode.Interrupted],
            Examples =
            [
                "holdfast find documents --name '*.odt' --name letter --newer 2026-10-01",
                "holdfast find documents Projects/plan.txt --history",
                "holdfast find mirror:/media/usb/backup --deleted --size +10M",
            ],
        };
        verb.Add(place);
        foreach (var option in ReadingOptions.Reaching)
            verb.Add(option);
        verb.Add(paths);
        foreach (var option in new Option[] { Name, Size, Newer, Older, Deleted, Sha256, At, History })
            verb.Add(option);
        return verb.Does((session, parse, cancellationToken) =>
        {
            using var snapshots = ReadingOptions.Open(session, parse.GetRequiredValue(place));
            var query = QueryOf(session, parse, snapshots) with { Under = [.. (parse.GetValue(paths) ?? []).Select(ArgumentBytes.Path)] };
            var history = parse.GetValue(History);
            var find = new Find(snapshots);
            var printer = session.Printer<Found>(text => history ? new HistoryText(text) : new FoundText(text), json => new FoundJson(json));
            var found = false;
            foreach (var item in history ? find.History(query, cancellationToken) : find.Run(query, cancellationToken))
            {
                found = true;
                printer.Print(item);
            }
            printer.Finish();
            return Task.FromResult(found ? ExitCode.Done : ExitCode.Failed);
        });
    }

    private static FindQuery QueryOf(Session session, ParseResult parse, ISnapshots snapshots) => new()
    {
        Masks = [.. (parse.GetValue(Name) ?? []).Select(text => Read(Name, () => new NameMask(text)))],
        Size = parse.GetValue(Size) is { } size ? Read(Size, () => SizeRange.Parse(size)) : null,
        Newer = FlagValue.Of(parse, Newer, text => Moment(session, text)),
        Older = FlagValue.Of(parse, Older, text => Moment(session, text)),
        Deleted = parse.GetValue(Deleted),
        Sha256 = parse.GetValue(Sha256) is { } digits ? Read(Sha256, () => Digits(digits)) : null,
        At = parse.GetValue(At) is { } at ? ReadingOptions.Choose(session, snapshots, at) : null,
    };

    private static Timestamp Moment(Session session, string text)
    {
        if (TypedTime.TryParse(text, session.Time.LocalTimeZone) is { } time)
            return Timestamp.From(time.First);
        try
        {
            return Timestamp.From(session.Time.GetUtcNow() - Duration.Parse(text));
        }
        catch (FormatException e)
        {
            throw new FormatException($"'{text}' is no time; write it like 2026-11-01, 2026-11-01T14:30 or 7d (ago)", e);
        }
    }

    private static string Digits(string text) => text.Length is > 0 and <= DigitsOfSha256 && text.All(char.IsAsciiHexDigit)
        ? text.ToLowerInvariant()
        : throw new FormatException($"'{text}' is no beginning of a SHA-256: that has up to 64 hexadecimal digits");

    private static T Read<T>(Option option, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (FormatException e)
        {
            throw new HoldfastException(ErrorKind.Usage, $"{option.Name}: {e.Message}.", inner: e);
        }
    }
}
