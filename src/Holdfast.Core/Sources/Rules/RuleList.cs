using Holdfast.Core.Model;

namespace Holdfast.Core.Sources.Rules;

/// <summary>Patterns in the order they were written; the last one that matches wins.</summary>
public sealed class RuleList
{
    private readonly Rule[] _rules;

    private RuleList(Rule[] rules) => _rules = rules;

    /// <summary>No pattern.</summary>
    public static RuleList Empty { get; } = new([]);

    /// <summary>True when there is no pattern.</summary>
    public bool IsEmpty => _rules.Length == 0;

    /// <summary>The patterns.</summary>
    public IReadOnlyList<Rule> Rules => _rules;

    /// <summary>Compiles patterns.</summary>
    /// <exception cref="RuleException">A pattern means nothing; names it with file and line.</exception>
    public static RuleList Parse(IEnumerable<RuleText> patterns)
    {
        var rules = patterns.Select(Rule.Parse).ToArray();
        return rules.Length == 0 ? Empty : new RuleList(rules);
    }

    /// <summary>The last pattern that speaks of this very path; null when none does and the folder above decides.</summary>
    public Rule? LastMatch(EntryPath path, bool isFolder)
    {
        for (var i = _rules.Length - 1; i >= 0; i--)
            if (_rules[i].Matches(path, isFolder))
                return _rules[i];
        return null;
    }

    /// <summary>False when nothing below the folder can be named by a pattern.</summary>
    public bool MayNameBelow(EntryPath folder)
    {
        foreach (var rule in _rules)
            if (!rule.Negated && rule.MayMatchBelow(folder))
                return true;
        return false;
    }
}
