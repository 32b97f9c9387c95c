using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;
using Holdfast.Core.Model;

namespace Holdfast.Core.Sources.Rules;

/// <summary>
/// A .NET regular expression, searched in the path as text ("a/b/c.txt", no slash at the end of folders). A byte of a name
/// that is not UTF-8 is U+DC00 plus the byte (U+DC80 to U+DCFF) in that text, so that no two paths look the same.
/// </summary>
internal sealed class RegexRule : Rule
{
    // Far more than a path can take.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    private readonly Regex _regex;

    public RegexRule(RuleText source, bool negated, string pattern)
        : base(source, negated) => _regex = Compile(source, pattern);

    /// <exception cref="RuleException">The expression takes too long on this path; what it would have said is not known.</exception>
    public override bool Matches(EntryPath path, bool isFolder)
    {
        var bytes = path.Bytes;
        char[]? rented = null;
        var text = bytes.Length <= 256 ? stackalloc char[256] : rented = ArrayPool<char>.Shared.Rent(bytes.Length);
        try
        {
            return _regex.IsMatch(text[..Decode(bytes, text)]);
        }
        catch (RegexMatchTimeoutException e)
        {
            throw new RuleException(Source, $"it takes more than {Longest.TotalSeconds} s on '{path}'; write it so that it needs no backtracking.", e);
        }
        finally
        {
            if (rented is not null)
                ArrayPool<char>.Shared.Return(rented);
        }
    }

    public override bool MayMatchBelow(EntryPath folder) => true;

    private static int Decode(ReadOnlySpan<byte> bytes, Span<char> text)
    {
        var length = 0;
        while (!bytes.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(bytes, out var rune, out var consumed) == OperationStatus.Done)
                length += rune.EncodeToUtf16(text[length..]);
            else
                foreach (var invalid in bytes[..consumed])
                    text[length++] = (char)(0xdc00 + invalid);
            bytes = bytes[consumed..];
        }
        return length;
    }

    private static Regex Compile(RuleText source, string pattern)
    {
        const RegexOptions common = RegexOptions.CultureInvariant | RegexOptions.Singleline;
        if (pattern.Length == 0)
            throw new RuleException(source, "nothing stands behind 'regex:'.");
        try
        {
            // Without backtracking no pattern can hang a scan.
            return new Regex(pattern, common | RegexOptions.NonBacktracking);
        }
        catch (NotSupportedException)
        {
            // Lookarounds and backreferences need backtracking.
            return new Regex(pattern, common, Longest);
        }
        catch (ArgumentException e)
        {
            throw new RuleException(source, e.Message, e);
        }
    }
}
