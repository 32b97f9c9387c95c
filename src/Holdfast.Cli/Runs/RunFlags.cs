using System.CommandLine;
using Holdfast.Core.Jobs;

namespace Holdfast.Cli.Runs;

/// <summary>Flags of one run, beside the options of a job.</summary>
internal static class RunFlags
{
    public static readonly Option<bool> DryRun = new("--dry-run", "-n") { Description = "Show what would happen, path by path, and write nothing" };

    public static readonly Option<bool> AllowDeletions = new("--allow-deletions") { Description = "Go on although many files would be removed (the deletion brake)" };

    public static readonly Option<string?> Wait = new("--wait")
    {
        Description = "When another run is at work in the place, wait for it: at most DURATION (10m, 2h), without one as long as it takes",
        HelpName = "DURATION",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public static IEnumerable<Option> All => [DryRun, AllowDeletions, Wait];

    /// <summary>How long --wait is willing to wait for a place's lock.</summary>
    public static TimeSpan WaitTime(ParseResult parse)
    {
        if (parse.GetResult(Wait) is not { Implicit: false })
            return TimeSpan.Zero;
        return FlagValue.Of(parse, Wait, Duration.Parse) ?? TimeSpan.MaxValue;
    }
}
