using System.Text;

namespace Holdfast.Core.Engine.Finding;

/// <summary>A pattern of <c>*</c>, <c>?</c> and <c>[…]</c> for a whole text. Time is at most the product of both lengths.</summary>
internal sealed class Glob
{
    private readonly List<Func<Rune, bool>?> _steps = [];
    private readonly bool _ignoresCase;

    public Glob(string pattern, bool ignoresCase)
    {
        _ignoresCase = ignoresCase;
        for (var at = 0; at < pattern.Length;)
        {
            if (pattern[at] == '*')
            {
                _steps.Add(null);
                at++;
            }
            else if (pattern[at] == '?')
            {
                _steps.Add(rune => rune.Value != '/');
                at++;
            }
            else if (EndOfSet(pattern, at) is { } end)
            {
                _steps.Add(Set(pattern[(at + 1)..end]));
                at = end + 1;
            }
            else
            {
                var rune = Folded(RuneAt(pattern, at));
                _steps.Add(other => other == rune);
                at += rune.Utf16SequenceLength;
            }
        }
    }

    /// <summary>True when the text holds anything but plain letters.</summary>
    public static bool IsNeededFor(string text) =>
        text.AsSpan().ContainsAny('*', '?') || Enumerable.Range(0, text.Length).Any(at => EndOfSet(text, at) is not null);

    public bool Matches(ReadOnlySpan<char> text)
    {
        // The usual walk with one way back: to the last '*', which then takes a character more.
        var (step, at, star, afterStar) = (0, 0, -1, 0);
        while (at < text.Length)
        {
            Rune.DecodeFromUtf16(text[at..], out var rune, out var length);
            if (step < _steps.Count && _steps[step] is null)
            {
                star = step++;
                afterStar = at;
            }
            else if (step < _steps.Count && _steps[step]!(Folded(rune)))
            {
                step++;
                at += length;
            }
            else if (star >= 0)
            {
                Rune.DecodeFromUtf16(text[afterStar..], out _, out var skipped);
                at = afterStar += skipped;
                step = star + 1;
            }
            else
            {
                return false;
            }
        }
        while (step < _steps.Count && _steps[step] is null)
            step++;
        return step == _steps.Count;
    }

    /// <summary>Where the set that begins here is closed; null when there is none. As in a shell, a ']' right at its beginning is one of the set.</summary>
    private static int? EndOfSet(string pattern, int at)
    {
        if (pattern[at] != '[')
            return null;
        var first = at + 1 < pattern.Length && pattern[at + 1] is '!' or '^' ? at + 2 : at + 1;
        var end = first + 1 < pattern.Length ? pattern.IndexOf(']', first + 1) : -1;
        return end < 0 ? null : end;
    }

    private Func<Rune, bool> Set(string text)
    {
        var negated = text[0] is '!' or '^';
        var runes = (negated ? text[1..] : text).EnumerateRunes().Select(Folded).ToList();
        var ranges = new List<(Rune From, Rune To)>();
        for (var i = 0; i < runes.Count; i++)
        {
            var isRange = i + 2 < runes.Count && runes[i + 1].Value == '-';
            ranges.Add((runes[i], isRange ? runes[i + 2] : runes[i]));
            i += isRange ? 2 : 0;
        }
        return rune => ranges.Exists(r => r.From <= rune && rune <= r.To) != negated && rune.Value != '/';
    }

    private Rune Folded(Rune rune) => _ignoresCase ? Rune.ToLowerInvariant(rune) : rune;

    private static Rune RuneAt(string text, int at) => Rune.TryGetRuneAt(text, at, out var rune) ? rune : Rune.ReplacementChar;
}
