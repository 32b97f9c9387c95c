namespace Holdfast.Core.Sources.Rules;

/// <summary>Matches a path against gitignore's wildcards, byte by byte: <c>*</c>, <c>?</c>, <c>[…]</c>, <c>\</c> and <c>**</c>.</summary>
internal static class Wildcards
{
    /// <summary>True when the whole text is matched. '*', '?' and '[…]' never match a slash; "**" between slashes does.</summary>
    public static bool Match(ReadOnlySpan<byte> pattern, ReadOnlySpan<byte> text) => Match(pattern, text, atStart: true);

    /// <summary>What is wrong with a pattern, or null.</summary>
    public static string? Problem(ReadOnlySpan<byte> pattern)
    {
        for (var i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] == '\\' && ++i == pattern.Length)
                return "it ends in a '\\' that escapes nothing.";
            if (pattern[i] == '[' && (i == 0 || pattern[i - 1] != '\\' || IsEscapedBackslash(pattern, i - 1)))
            {
                var length = CharacterSet.Length(pattern[i..]);
                if (length < 0)
                    return "a '[' is not closed, or names a class that does not exist; a literal one is written '\\['.";
                i += length - 1;
            }
        }
        return null;
    }

    private static bool IsEscapedBackslash(ReadOnlySpan<byte> pattern, int at)
    {
        var count = 0;
        while (at - count >= 0 && pattern[at - count] == '\\')
            count++;
        return count % 2 == 0;
    }

    private static bool Match(ReadOnlySpan<byte> pattern, ReadOnlySpan<byte> text, bool atStart)
    {
        while (!pattern.IsEmpty)
        {
            if (pattern[0] == '*')
                return MatchStar(pattern, text, atStart);
            if (text.IsEmpty)
                return false;
            int used;
            switch (pattern[0])
            {
                case (byte)'?':
                    if (text[0] == '/')
                        return false;
                    used = 1;
                    break;
                case (byte)'[':
                    used = CharacterSet.Length(pattern);
                    if (text[0] == '/' || used < 0 || !CharacterSet.Contains(pattern[..used], text[0]))
                        return false;
                    break;
                case (byte)'\\':
                    if (pattern.Length < 2 || pattern[1] != text[0])
                        return false;
                    used = 2;
                    break;
                default:
                    if (pattern[0] != text[0])
                        return false;
                    used = 1;
                    break;
            }
            atStart = pattern[used - 1] == '/';
            pattern = pattern[used..];
            text = text[1..];
        }
        return text.IsEmpty;
    }

    private static bool MatchStar(ReadOnlySpan<byte> pattern, ReadOnlySpan<byte> text, bool atStart)
    {
        var stars = pattern.IndexOfAnyExcept((byte)'*');
        var rest = stars < 0 ? default : pattern[stars..];
        stars = stars < 0 ? pattern.Length : stars;
        // Two or more stars mean "folders in between" only where they fill a whole component.
        var acrossFolders = stars > 1 && atStart && (rest.IsEmpty || rest[0] == '/');
        if (acrossFolders && !rest.IsEmpty && Match(rest[1..], text, atStart: true))
            return true;
        if (rest.IsEmpty)
            return acrossFolders || !text.Contains((byte)'/');
        for (var i = 0; i <= text.Length; i++)
        {
            if (Match(rest, text[i..], atStart: false))
                return true;
            if (i < text.Length && text[i] == '/' && !acrossFolders)
                return false;
        }
        return false;
    }
}
