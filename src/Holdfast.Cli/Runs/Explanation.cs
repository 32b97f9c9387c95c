using Holdfast.Core.FileSystem;
using Holdfast.Core.Jobs;
using Holdfast.Core.Jobs.Reports;
using Holdfast.Core.Model;
using Holdfast.Core.Sources;
using Holdfast.Core.Sources.Rules;

namespace Holdfast.Cli.Runs;

/// <summary>What becomes of one path in a job, and by which rule.</summary>
/// <param name="Path">Relative to the source.</param>
/// <param name="Rules">What the patterns say.</param>
/// <param name="OtherRule">The rule beside the patterns that leaves it out (a flag file, a size, …), or null.</param>
/// <param name="IsThere">True when the source has it now.</param>
internal sealed record Explanation(EntryPath Path, RuleExplanation Rules, RuleName? OtherRule, bool IsThere)
{
    public bool IsSaved => Rules.Verdict.Included && OtherRule is null;

    /// <summary>In words for people.</summary>
    public string Words => Rules.Describe(Path)
        + (OtherRule is { } rule ? $"\n  but it is left out by {rule.Key}" : "")
        + (IsThere ? "" : "\n  it is not there now; this is what would hold");

    /// <summary>Asks the patterns, and where they take the path, a scan of the way to it.</summary>
    /// <param name="job">The job.</param>
    /// <param name="typed">Absolute, or relative to the source; a '/' at its end makes it a folder.</param>
    /// <param name="now">For min_age.</param>
    /// <param name="cancellationToken">Ends the scan.</param>
    public static Explanation Of(Job job, string typed, DateTimeOffset now, CancellationToken cancellationToken)
    {
        using var source = new FileTreeSource(job.From, LocalFolders.OpenForReading);
        var path = Relative(source, typed);
        var counters = new ScanCounters();
        var listed = job.Rules with { FilesFrom = new PathSet([path]) };
        var found = source.Scan(listed, counters, now, cancellationToken).FirstOrDefault(i => i.Path.CompareTo(path) >= 0);
        var isThere = found is FoundEntry { Entry: var entry } && entry.Path == path ? entry : null;
        var type = isThere?.Type ?? TypeOf(source, path);
        var rules = RuleExplanation.Of(job.Rules, path, typed.EndsWith('/') || type == EntryType.Folder);
        var other = rules.Verdict.Included && isThere is null
            ? RuleCounts.Of(counters).Where(r => r.Count > 0 && r.Rule.Key is not ("files_from" or "exclude" or "include")).Select(r => r.Rule).FirstOrDefault()
            : null;
        return new Explanation(path, rules, other, isThere is not null || type is not null);
    }

    private static EntryPath Relative(FileTreeSource source, string typed)
    {
        if (!typed.StartsWith('/'))
            return ArgumentBytes.Path(typed);
        var path = ArgumentBytes.Path(typed);
        foreach (var root in source.Roots)
            if (path.IsAtOrUnder(EntryPath.From(root.Folder)))
                return path.RelativeTo(EntryPath.From(root.Folder)).Under(root.OnlyName is null ? root.Prefix : EntryPath.Root);
        throw new HoldfastException(ErrorKind.Usage, $"'{typed}' lies outside the source of the job.");
    }

    private static EntryType? TypeOf(FileTreeSource source, EntryPath path)
    {
        foreach (var root in source.Roots)
        {
            if (!path.IsAtOrUnder(root.Prefix))
                continue;
            using var folder = LocalFolders.OpenForReading(root.Folder);
            return folder.TryStat(root.OnlyName is null ? path.RelativeTo(root.Prefix) : path)?.Type;
        }
        return null;
    }
}
