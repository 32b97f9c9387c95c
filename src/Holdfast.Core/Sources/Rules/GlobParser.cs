namespace Holdfast.Core.Sources.Rules;

/// <summary>Reads a pattern into tokens, as git's wildmatch.c understands it.</summary>
internal ref struct GlobParser
{
    private readonly ReadOnlySpan<byte> _pattern;
    private readonly bool _path;
    private int _at;

    private GlobParser(ReadOnlySpan<byte> pattern, bool path)
    {
        _pattern = pattern;
        _path = path;
    }

    /// <summary>Reads a pattern.</summary>
    /// <param name="pattern">Without '!', a leading and a trailing '/'; for a path, without the literal beginning.</param>
    /// <param name="path">True when the pattern is matched with a whole path: only then does '**' differ from '*'.</param>
    /// <exception cref="FormatException">A '[' is not closed, a class is unknown, or the pattern ends with a lone '\'.</exception>
    public static Glob Parse(ReadOnlySpan<byte> pattern, bool path) => new(new GlobParser(pattern, path).ReadAll());

    /// <summary>The number of bytes before the first that means something else than itself.</summary>
    public static int LiteralLength(ReadOnlySpan<byte> pattern)
    {
        var special = pattern.IndexOfAny("*?[\\"u8);
        return special < 0 ? pattern.Length : special;
    }

    private readonly bool AtEnd => _at == _pattern.Length;

    private GlobToken[] ReadAll()
    {
        var tokens = new List<GlobToken>();
        while (!AtEnd)
            tokens.Add(Read());
        return [.. tokens];
    }

    private GlobToken Read()
    {
        switch (_pattern[_at++])
        {
            case (byte)'?':
                return new GlobToken(GlobTokenKind.AnyByte);
            case (byte)'*':
                return ReadStars();
            case (byte)'[':
                return new GlobToken(GlobTokenKind.Set, Set: ReadSet());
            case (byte)'\\':
                return new GlobToken(GlobTokenKind.Literal, AtEnd ? throw new FormatException("it ends in a '\\' that escapes nothing.") : _pattern[_at++]);
            case var literal:
                return new GlobToken(GlobTokenKind.Literal, literal);
        }
    }

    private GlobToken ReadStars()
    {
        var first = _at - 1;
        while (!AtEnd && _pattern[_at] == '*')
            _at++;
        if (!_path || _at - first < 2)
            return new GlobToken(GlobTokenKind.AnyInName);
        // '**' means more only between separators. The start counts as one, and it is the start of what is left behind the
        // literal beginning: git takes that away first, so that "a/b**" reaches as deep as "a/b/**".
        if (first > 0 && _pattern[first - 1] != '/')
            return new GlobToken(GlobTokenKind.AnyInName);
        var rest = _pattern[_at..];
        if (rest.StartsWith("/"u8))
        {
            _at++;
            return new GlobToken(GlobTokenKind.AnyFolders);
        }
        return new GlobToken(rest.IsEmpty || rest.StartsWith("\\/"u8) ? GlobTokenKind.AnyDepth : GlobTokenKind.AnyInName);
    }

    private ByteSet ReadSet()
    {
        var set = new ByteSet();
        var inverted = !AtEnd && _pattern[_at] is (byte)'!' or (byte)'^';
        if (inverted)
            _at++;
        byte? previous = null;
        // A ']' that comes first is a member.
        for (var first = true; first || Peek() != ']'; first = false)
            previous = ReadMember(set, previous);
        _at++;
        if (inverted)
            set.Invert();
        return set;
    }

    /// <summary>Reads one member; returns the byte a range may begin with.</summary>
    private byte? ReadMember(ByteSet set, byte? previous)
    {
        var value = Next();
        if (value == '\\')
        {
            set.Add(value = Next());
            return value;
        }
        if (value == '-' && previous is { } low && Peek() != ']')
        {
            var high = Next();
            set.Add(low, high == '\\' ? Next() : high);
            return null;
        }
        if (value == '[' && Peek() == ':' && TryReadClass(set))
            return null;
        set.Add(value);
        return value;
    }

    private bool TryReadClass(ByteSet set)
    {
        var rest = _pattern[(_at + 1)..];
        var end = rest.IndexOf((byte)']');
        if (end < 0)
            throw BadSet();
        if (end == 0 || rest[end - 1] != ':')
            return false;
        if (!set.AddClass(rest[..(end - 1)]))
            throw BadSet();
        _at += end + 2;
        return true;
    }

    private readonly byte Peek() => AtEnd ? throw BadSet() : _pattern[_at];

    private byte Next() => AtEnd ? throw BadSet() : _pattern[_at++];

    private static FormatException BadSet() => new("a '[' is not closed, or names a class that does not exist; a literal one is written '\\['.");
}
