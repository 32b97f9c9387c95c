using Holdfast.Core.Model;

namespace Holdfast.Core.Sources.Rules;

/// <summary>Which rule decides about a path, and where on the way to it.</summary>
/// <param name="Verdict">What holds for the path.</param>
/// <param name="DecidedAt">The path, or the folder above it that the deciding pattern names; null when no pattern had to.</param>
/// <param name="DecidedBy">The pattern.</param>
/// <param name="List">Its list: "exclude", "track" or "include".</param>
public sealed record RuleExplanation(RuleVerdict Verdict, EntryPath? DecidedAt, Rule? DecidedBy, string? List)
{
    /// <summary>Walks down to the path as a scan does.</summary>
    public static RuleExplanation Of(ScanRules rules, EntryPath path, bool isFolder)
    {
        var verdict = RuleVerdict.Start(rules);
        EntryPath? decidedAt = null;
        Rule? decidedBy = null;
        foreach (var ancestor in AncestorsAndSelf(path))
        {
            verdict = rules.Decide(verdict, ancestor, isFolder || ancestor != path);
            if (verdict.DecidedBy is { } rule)
                (decidedAt, decidedBy) = (ancestor, rule);
            if (verdict.Excluded)
                break;
        }
        return new RuleExplanation(verdict, decidedAt, decidedBy, decidedBy is null ? null : ListOf(rules, decidedBy));
    }

    /// <summary>In words for people.</summary>
    public string Describe(EntryPath path)
    {
        var what = Verdict.Excluded ? "is excluded" : Verdict.Tracked ? "is tracked (mirrored with history)" : Verdict.Included ? "is included (mirrored without history)" : "is not included";
        if (DecidedBy is not { } rule)
            return Verdict.Included
                ? $"{path} {what}: no include and no track is given, and no exclude pattern names it"
                : $"{path} {what}: no pattern of include or track names it or a folder above it";
        var where = rule.Source.Where is { } line ? $" ({line})" : "";
        var at = DecidedAt == path ? "" : $", which names '{DecidedAt}' above it";
        return $"{path} {what}: {List} pattern '{rule.Source.Text}'{where}{at}";
    }

    private static IEnumerable<EntryPath> AncestorsAndSelf(EntryPath path)
    {
        var way = new Stack<EntryPath>();
        for (var at = path; !at.IsRoot; at = at.Parent)
            way.Push(at);
        return way;
    }

    private static string ListOf(ScanRules rules, Rule rule) =>
        rules.Exclude.Rules.Contains(rule) ? "exclude" : rules.Track.Rules.Contains(rule) ? "track" : "include";
}
