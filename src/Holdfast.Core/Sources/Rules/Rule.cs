using Holdfast.Core.Model;

namespace Holdfast.Core.Sources.Rules;

/// <summary>One compiled pattern.</summary>
public abstract class Rule
{
    private protected Rule(RuleText source, bool negated)
    {
        Source = source;
        Negated = negated;
    }

    /// <summary>The pattern as it was written, and where.</summary>
    public RuleText Source { get; }

    /// <summary>True for a pattern with a '!' before it: it takes back what an earlier one said.</summary>
    public bool Negated { get; }

    /// <summary>True when the pattern speaks of this very path; what lies above it is the caller's business.</summary>
    public abstract bool Matches(EntryPath path, bool isFolder);

    /// <summary>False when the pattern cannot match anything below the folder.</summary>
    public abstract bool MayMatchBelow(EntryPath folder);

    /// <summary>Compiles a pattern: gitignore's syntax, or <c>regex:</c> and a .NET regular expression.</summary>
    /// <exception cref="RuleException">The pattern means nothing.</exception>
    public static Rule Parse(RuleText source)
    {
        var text = source.Text;
        var negated = text.StartsWith('!');
        if (negated)
            text = text[1..];
        return text.StartsWith("regex:", StringComparison.Ordinal)
            ? new RegexRule(source, negated, text["regex:".Length..])
            : new PatternRule(source, negated, System.Text.Encoding.UTF8.GetBytes(text));
    }
}
