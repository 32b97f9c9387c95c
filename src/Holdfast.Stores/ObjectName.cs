using System.Diagnostics.CodeAnalysis;
using System.Text;
using Holdfast.Core.Model;

namespace Holdfast.Stores;

/// <summary>
/// The name of an object: parts joined by <c>/</c>, each of 1 to 200 letters, digits, <c>-</c>, <c>_</c>, <c>.</c> and <c>=</c>
/// (ASCII), none of them <c>.</c> or <c>..</c>, together at most 800. Every store can hold such a name as it is, and no store needs
/// to quote it. Two names of one store must not differ in case alone.
/// </summary>
public sealed record ObjectName
{
    private const int LongestPart = 200, Longest = 800, HashLength = 64;

    private ObjectName(string text) => Text = text;

    /// <summary>The name as text.</summary>
    public string Text { get; }

    /// <summary>True when the last part is a SHA-256 in lower-case hexadecimal: whoever puts this name puts the same bytes.</summary>
    public bool NamesItsContent
    {
        get
        {
            var part = Text.AsSpan(Text.LastIndexOf('/') + 1);
            return part.Length == HashLength && !part.ContainsAnyExcept("0123456789abcdef");
        }
    }

    /// <summary>The same name as a path below a folder.</summary>
    internal EntryPath Path => EntryPath.From(Encoding.ASCII.GetBytes(Text));

    /// <summary>Reads a name.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static ObjectName Parse(string text) => TryParse(text, out var name)
        ? name
        : throw new FormatException(
            $"'{PathText.ForPeople(Encoding.UTF8.GetBytes(text))}' is no name of an object: parts of letters, digits, '-', '_', '.' and '=' joined by '/', "
            + $"at most {LongestPart} characters a part and {Longest} together");

    /// <summary>Reads a name; false when it is none.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out ObjectName? name)
    {
        name = text.Length is > 0 and <= Longest && text.Split('/').All(IsPart) ? new ObjectName(text) : null;
        return name is not null;
    }

    /// <summary>True when a name may hold it between two slashes.</summary>
    internal static bool IsPart(string part) =>
        part.Length is > 0 and <= LongestPart && part is not ("." or "..") && part.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '=');

    /// <summary>A name below this one.</summary>
    /// <exception cref="FormatException">It would be none.</exception>
    public ObjectName Child(string below) => Parse($"{Text}/{below}");

    /// <summary>True when this name begins with the folder's and a slash.</summary>
    public bool IsBelow(ObjectName folder) =>
        Text.Length > folder.Text.Length && Text[folder.Text.Length] == '/' && Text.StartsWith(folder.Text, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => Text;
}
