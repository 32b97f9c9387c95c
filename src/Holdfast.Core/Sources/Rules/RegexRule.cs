using System.Text;
using System.Text.RegularExpressions;
using Holdfast.Core.Model;

namespace Holdfast.Core.Sources.Rules;

/// <summary>
/// A .NET regular expression, searched in the path as text ("a/b/c.txt", no slash at the end of folders). Bytes of a name
/// that are not UTF-8 are U+FFFD in that text.
/// </summary>
internal sealed class RegexRule : Rule
{
    private readonly Regex _regex;

    public RegexRule(RuleText source, bool negated, string pattern)
        : base(source, negated) => _regex = Compile(source, pattern);

    public override bool Matches(EntryPath path, bool isFolder) => _regex.IsMatch(Encoding.UTF8.GetString(path.Bytes));

    public override bool MayMatchBelow(EntryPath folder) => true;

    private static Regex Compile(RuleText source, string pattern)
    {
        const RegexOptions common = RegexOptions.CultureInvariant | RegexOptions.Singleline;
        try
        {
            // Without backtracking no pattern can hang a scan.
            return new Regex(pattern, common | RegexOptions.NonBacktracking);
        }
        catch (NotSupportedException)
        {
            // Lookarounds and backreferences need backtracking; a second is far more than a path can take.
            return new Regex(pattern, common, TimeSpan.FromSeconds(1));
        }
        catch (ArgumentException e)
        {
            throw new RuleException(source, e.Message, e);
        }
    }
}
