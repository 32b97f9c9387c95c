using Holdfast.Core.Model;

namespace Holdfast.Core.Sources.Rules;

/// <summary>
/// A pattern with gitignore's meaning (gitignore(5)): without a slash, but for one at the end, it speaks of a name in any
/// folder; with one, of the path from the source's root. A slash at the end means folders only.
/// </summary>
internal sealed class PatternRule : Rule
{
    private readonly byte[] _pattern;
    private readonly bool _foldersOnly, _wholePath;
    private readonly Kind _kind;
    private readonly byte[][] _literalStart;
    private readonly bool _allLiteral;

    private enum Kind
    {
        Literal,
        Suffix,
        Wild,
    }

    public PatternRule(RuleText source, bool negated, ReadOnlySpan<byte> text)
        : base(source, negated)
    {
        text = WithoutTrailingSpaces(text);
        if (text.IsEmpty)
            throw new RuleException(source, "it is empty.");
        if (text[0] == '#')
            throw new RuleException(source, "in gitignore this is a comment; a name that begins with '#' is written '\\#…'.");
        if (text[^1] == '/')
        {
            _foldersOnly = true;
            text = text[..^1];
        }
        _wholePath = text.Contains((byte)'/');
        if (text is [(byte)'/', ..])
            text = text[1..];
        if (text.IsEmpty)
            throw new RuleException(source, "it names nothing below the source's root.");
        if (Wildcards.Problem(text) is { } problem)
            throw new RuleException(source, problem);
        _pattern = text.ToArray();
        _kind = KindOf(text);
        (_literalStart, _allLiteral) = LiteralStart(text);
    }

    public override bool Matches(EntryPath path, bool isFolder)
    {
        if (_foldersOnly && !isFolder)
            return false;
        var text = _wholePath ? path.Bytes : path.Name;
        return _kind switch
        {
            Kind.Literal => text.SequenceEqual(_pattern),
            Kind.Suffix => text.EndsWith(_pattern.AsSpan(1)),
            _ => Wildcards.Match(_pattern, text),
        };
    }

    public override bool MayMatchBelow(EntryPath folder)
    {
        if (!_wholePath)
            return true;
        var depth = 0;
        var bytes = folder.Bytes;
        foreach (var range in bytes.Split((byte)'/'))
        {
            if (depth == _literalStart.Length)
                return !_allLiteral;
            if (!bytes[range].IsEmpty && !bytes[range].SequenceEqual(_literalStart[depth++]))
                return false;
        }
        return depth < _literalStart.Length || !_allLiteral;
    }

    private static ReadOnlySpan<byte> WithoutTrailingSpaces(ReadOnlySpan<byte> text)
    {
        while (text is [.., (byte)' '])
        {
            var backslashes = 0;
            while (backslashes < text.Length - 1 && text[text.Length - 2 - backslashes] == '\\')
                backslashes++;
            if (backslashes % 2 == 1)
                break;
            text = text[..^1];
        }
        return text;
    }

    private Kind KindOf(ReadOnlySpan<byte> text)
    {
        if (!text.ContainsAny("*?[\\"u8))
            return Kind.Literal;
        return !_wholePath && text[0] == '*' && text.Length > 1 && !text[1..].ContainsAny("*?[\\"u8) ? Kind.Suffix : Kind.Wild;
    }

    private static (byte[][] Start, bool All) LiteralStart(ReadOnlySpan<byte> text)
    {
        var start = new List<byte[]>();
        foreach (var range in text.Split((byte)'/'))
        {
            if (text[range].ContainsAny("*?[\\"u8))
                return ([.. start], false);
            start.Add(text[range].ToArray());
        }
        return ([.. start], true);
    }
}
