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
        (EntryPath At, Rule Rule)? include = null;
        (EntryPath At, Rule Rule)? track = null;
        foreach (var at in AncestorsAndSelf(path))
        {
            var folder = isFolder || at != path;
            verdict = rules.Decide(verdict, at, folder);
            if (verdict.Excluded)
                return new RuleExplanation(verdict, at, verdict.DecidedBy, "exclude");
            include = rules.Include.LastMatch(at, folder) is { } i ? (at, i) : include;
            track = rules.Track.LastMatch(at, folder) is { } t ? (at, t) : track;
        }
        // The list that gives the path what it has; when neither does, the one that took it back.
        var byTrack = verdict.Tracked || (!verdict.NamedByInclude && track is not null);
        var decided = byTrack ? track : include;
        return new RuleExplanation(verdict, decided?.At, decided?.Rule, decided is null ? null : byTrack ? "track" : "include");
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
}
