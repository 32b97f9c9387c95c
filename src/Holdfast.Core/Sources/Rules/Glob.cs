using System.Runtime.InteropServices;

namespace Holdfast.Core.Sources.Rules;

/// <summary>A wildcard pattern, compiled. Matching allocates nothing and takes at most text × pattern steps.</summary>
internal sealed class Glob(GlobToken[] tokens)
{
    /// <summary>True when '**' occurs, so that the pattern reaches to any depth.</summary>
    public bool IsDeep { get; } = Array.Exists(tokens, t => t.Kind is GlobTokenKind.AnyDepth or GlobTokenKind.AnyFolders);

    /// <summary>
    /// True when the whole text matches. Only the last '*' and the last '**' are ever tried again: a '**' takes whatever an
    /// earlier one could have taken, and a '*' cannot pass a '/', which what follows an earlier '*' had to reach.
    /// </summary>
    public bool Matches(ReadOnlySpan<byte> text)
    {
        var t = 0;
        var p = 0;
        var star = -1;
        var starText = 0;
        var deep = -1;
        var deepText = 0;
        while (true)
        {
            if (p < tokens.Length)
            {
                var token = tokens[p];
                switch (token.Kind)
                {
                    case GlobTokenKind.AnyInName:
                        star = ++p;
                        starText = t;
                        continue;
                    case GlobTokenKind.AnyDepth or GlobTokenKind.AnyFolders:
                        deep = p++;
                        deepText = t;
                        star = -1;
                        continue;
                    default:
                        if (t < text.Length && token.Takes(text[t]))
                        {
                            p++;
                            t++;
                            continue;
                        }
                        break;
                }
            }
            else if (t == text.Length)
            {
                return true;
            }

            if (star >= 0 && starText < text.Length && text[starText] != '/')
            {
                t = ++starText;
                p = star;
                continue;
            }
            if (deep < 0)
                return false;
            var step = tokens[deep].Kind == GlobTokenKind.AnyDepth ? 1 : text[deepText..].IndexOf((byte)'/') + 1;
            if (step == 0 || deepText + step > text.Length)
                return false;
            t = deepText += step;
            p = deep + 1;
            star = -1;
        }
    }
}

/// <summary>What one token of a pattern takes.</summary>
internal enum GlobTokenKind : byte
{
    /// <summary>One given byte.</summary>
    Literal,

    /// <summary><c>?</c>: one byte but '/'.</summary>
    AnyByte,

    /// <summary><c>[…]</c>: one byte of a set, never '/'.</summary>
    Set,

    /// <summary><c>*</c>: any bytes but '/'.</summary>
    AnyInName,

    /// <summary><c>**</c> at an end: any bytes.</summary>
    AnyDepth,

    /// <summary><c>**/</c>: nothing, or any bytes and a '/'.</summary>
    AnyFolders,
}

/// <summary>One token of a pattern.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct GlobToken(GlobTokenKind Kind, byte Byte = 0, ByteSet? Set = null)
{
    public bool Takes(byte value) => Kind switch
    {
        GlobTokenKind.Literal => value == Byte,
        GlobTokenKind.AnyByte => value != '/',
        _ => value != '/' && Set!.Contains(value),
    };
}
