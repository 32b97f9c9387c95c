using Holdfast.Core.Model;

namespace Holdfast.Core.Sources.Rules;

/// <summary>
/// A pattern with gitignore's meaning (gitignore(5), and git's dir.c where the manual is silent): without a slash, but for one
/// at the end, it speaks of a name in any folder; with one, of the path from the source's root. A slash at the end means
/// folders only. What git takes without a word and then never matches is an error here.
/// </summary>
internal sealed class PatternRule : Rule
{
    private readonly bool _foldersOnly;
    private readonly INamePattern _pattern;

    public PatternRule(RuleText source, bool negated, ReadOnlySpan<byte> text)
        : base(source, negated)
    {
        text = WithoutTrailingSpaces(text);
        if (text.IsEmpty)
            throw new RuleException(source, "it is empty.");
        // Behind a '!' it is an ordinary character.
        if (text[0] == '#' && !negated)
            throw new RuleException(source, "in gitignore this is a comment; a name that begins with '#' is written '\\#…'.");
        if (text[^1] == '/')
        {
            _foldersOnly = true;
            text = text[..^1];
        }
        if (text.IsEmpty || text.SequenceEqual("/"u8))
            throw new RuleException(source, "it names nothing below the source's root.");
        try
        {
            _pattern = text.Contains((byte)'/') ? WholePathPattern.Compile(text) : LastNamePattern.Compile(text);
        }
        catch (FormatException e)
        {
            throw new RuleException(source, e.Message, e);
        }
    }

    public override bool Matches(EntryPath path, bool isFolder) => (isFolder || !_foldersOnly) && _pattern.Matches(path.Bytes);

    public override bool MayMatchBelow(EntryPath folder) => folder.IsRoot || _pattern.MayMatchBelow(folder);

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
}

/// <summary>A pattern without its '!' and the slash at its end.</summary>
internal interface INamePattern
{
    /// <summary>True when it names this path.</summary>
    bool Matches(ReadOnlySpan<byte> path);

    /// <summary>False only when it can name nothing below the folder, which is not the root.</summary>
    bool MayMatchBelow(EntryPath folder);
}
