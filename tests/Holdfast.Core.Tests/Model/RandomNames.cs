using System.Text;
using Holdfast.Core.Model;

namespace Holdfast.Core.Tests.Model;

/// <summary>Names as they occur and as they should not.</summary>
internal static class RandomNames
{
    private static readonly byte[][] Pieces =
    [
        .. new[] { "a", "b", "A", " ", "\n", "\t", "\"", "'", "\\", "%", "%41", "\\x41", "\\n", "$", "`", "!", "-", ".", "0", "\u00e9", "e\u0301", "\u65e5", "\U0001f9ca", "\u2028", "\x7f", "\x01", "\x1b" }
            .Select(Encoding.UTF8.GetBytes),
        [0xff], [0xc3], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xf4, 0x90], [0x80], [0xef, 0xbf, 0xbd],
    ];

    /// <summary>One component, never empty, "." or "..".</summary>
    public static byte[] Name(Random random)
    {
        var name = new List<byte>();
        do
        {
            name.Clear();
            for (var i = random.Next(1, 6); i > 0; i--)
                if (random.Next(4) == 0)
                    name.Add((byte)(random.Next(255) + 1));
                else
                    name.AddRange(Pieces[random.Next(Pieces.Length)]);
            name.RemoveAll(b => b == '/');
        } while (name.Count == 0 || name.TrueForAll(b => b == '.'));
        return [.. name];
    }

    public static EntryPath Path(Random random)
    {
        var path = EntryPath.Root;
        for (var i = random.Next(1, 5); i > 0; i--)
            path = path.Child(random.Next(3) == 0 ? "a"u8 : Name(random));
        return path;
    }
}
