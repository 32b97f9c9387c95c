using System.CommandLine;
using Holdfast.Core.Jobs;
using Holdfast.Core.Model;

namespace Holdfast.Cli.Runs;

/// <summary>The rules of <c>keep</c> as flags.</summary>
internal static class KeepFlags
{
    private static readonly Option<int?> Last = Count("--keep-last", "Keep the newest snapshots, this many");
    private static readonly Option<int?> Hourly = Count("--keep-hourly", "Keep the newest snapshot of an hour, for this many hours that have one");
    private static readonly Option<int?> Daily = Count("--keep-daily", "The same for days");
    private static readonly Option<int?> Weekly = Count("--keep-weekly", "The same for weeks");
    private static readonly Option<int?> Monthly = Count("--keep-monthly", "The same for months");
    private static readonly Option<int?> Yearly = Count("--keep-yearly", "The same for years");
    private static readonly Option<string?> Within = new("--keep-within") { Description = "Keep all snapshots younger than this (14d), counted from the newest", HelpName = "DURATION" };

    private static readonly Option<string[]> Tag = new("--keep-tag") { Description = "Keep all snapshots with this tag; another --keep-… says which of the others stay", HelpName = "TAG" };

    public static IEnumerable<Option> All => [Last, Hourly, Daily, Weekly, Monthly, Yearly, Within, Tag];

    /// <summary>What the flags say; null when none is given.</summary>
    /// <exception cref="HoldfastException">A value means nothing, or they would keep nothing.</exception>
    public static Retention? Of(ParseResult parse)
    {
        if (!All.Any(option => parse.GetResult(option) is { Implicit: false }))
            return null;
        var keep = new Retention
        {
            Last = Value(parse, Last),
            Hourly = Value(parse, Hourly),
            Daily = Value(parse, Daily),
            Weekly = Value(parse, Weekly),
            Monthly = Value(parse, Monthly),
            Yearly = Value(parse, Yearly),
            Within = FlagValue.Of(parse, Within, Duration.Parse),
            Tags = FlagValue.Tags(parse, Tag),
        };
        if (!keep.KeepsNothing)
            return keep;
        throw keep.Tags.Count > 0
            ? new HoldfastException(ErrorKind.Usage, "--keep-tag alone would keep no snapshot without the tag.", "Say how many of the others stay; --keep-last 1 keeps the newest alone.")
            : new HoldfastException(ErrorKind.Usage, "these rules would keep no snapshot at all.", "Give at least one --keep-… option a number above 0.");
    }

    private static Option<int?> Count(string name, string description) => new(name) { Description = description, HelpName = "N" };

    private static int? Value(ParseResult parse, Option<int?> option) =>
        parse.GetValue(option) is not < 0 and var value ? value : throw new HoldfastException(ErrorKind.Usage, $"{option.Name}: it cannot be less than 0.");
}
