using System.Text;

namespace Holdfast.Core.Engine.Finding;

/// <summary>
/// What <c>--name</c> says. <c>*</c> is any text, <c>?</c> one character, <c>[a-z]</c> or <c>[!a-z]</c> one of some; a
/// <c>[</c> that nothing closes is itself. Without any of them the mask is a word, found anywhere. With a <c>/</c> in it the
/// mask is for the path, from any folder on (from the source's own with a <c>/</c> in front), else for the name. Upper and
/// lower case count only when the mask has an upper-case letter, as with fd and ripgrep's --smart-case.
/// </summary>
public sealed class NameMask
{
    // Long enough for every name (255 bytes); longer paths go through the heap.
    private const int OnStack = 512;

    private readonly Glob? _glob;
    private readonly string _word;
    private readonly bool _isForPath, _isAnchored;
    private readonly StringComparison _comparison;

    /// <summary>Reads a mask.</summary>
    /// <exception cref="FormatException">It is empty.</exception>
    public NameMask(string text)
    {
        if (text.Trim('/').Length == 0)
            throw new FormatException("a mask must not be empty");
        _isForPath = text.TrimEnd('/').Contains('/');
        _isAnchored = _isForPath && text[0] == '/';
        _word = text.Trim('/');
        var ignoresCase = !text.Any(char.IsUpper);
        _comparison = ignoresCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        _glob = Glob.IsNeededFor(_word) ? new Glob(_word, ignoresCase) : null;
    }

    /// <summary>True when the path fits; bytes that are not UTF-8 count as U+FFFD.</summary>
    public bool Matches(ReadOnlySpan<byte> path)
    {
        var bytes = _isForPath ? path : path[(path.LastIndexOf((byte)'/') + 1)..];
        // UTF-8 never has fewer bytes than UTF-16 has units.
        var text = bytes.Length <= OnStack ? stackalloc char[OnStack] : new char[bytes.Length];
        return MatchesText(text[..Encoding.UTF8.GetChars(bytes, text)]);
    }

    private bool MatchesText(ReadOnlySpan<char> text)
    {
        if (_glob is null)
            return _isAnchored ? text.StartsWith(_word, _comparison) : text.Contains(_word, _comparison);
        if (_glob.Matches(text))
            return true;
        if (!_isForPath || _isAnchored)
            return false;
        for (var slash = text.IndexOf('/'); slash >= 0; slash = text.IndexOf('/'))
        {
            text = text[(slash + 1)..];
            if (_glob.Matches(text))
                return true;
        }
        return false;
    }
}
