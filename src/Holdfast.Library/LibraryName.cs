using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Unicode;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;

namespace Holdfast.Library;

/// <summary>
/// Names that any system can hold. A library moves from machine to machine; a name one of them cannot hold is stored under
/// a near one, and the true one stands in the record.
/// </summary>
internal static class LibraryName
{
    // Names may have 255 bytes; some are left for " (2)".
    private const int Longest = 240;

    // Linux takes paths of 4,095 bytes, the library's own and numbers included. No person sorts files a hundred folders deep, and
    // whoever walks a tree by calls of itself must come to an end.
    private const int LongestPath = 3000, MostParts = 100;

    // Not allowed by Windows: https://learn.microsoft.com/windows/win32/fileio/naming-a-file
    private static readonly SearchValues<char> Forbidden = SearchValues.Create("<>:\"|?*\\");

    private static readonly HashSet<string> Reserved = new(StringComparer.OrdinalIgnoreCase)
    {
        "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$",
        "COM1", "COM2", "COM3", "COM4", "COM5", "COM6", "COM7", "COM8", "COM9",
        "LPT1", "LPT2", "LPT3", "LPT4", "LPT5", "LPT6", "LPT7", "LPT8", "LPT9",
    };

    /// <summary>
    /// The path a file is stored under; the same path when nothing is wrong with it. Of one that is too long or too deep the
    /// first folders stay, and the name.
    /// </summary>
    public static EntryPath Map(EntryPath path)
    {
        var (mapped, parts) = (EntryPath.Root, 1);
        var folders = path.Parent.Bytes;
        var name = MapName(path.Name, isFirst: folders.IsEmpty);
        if (folders.IsEmpty)
            return EntryPath.Root.Child(name);
        foreach (var range in folders.Split((byte)'/'))
        {
            var folder = MapName(folders[range], isFirst: mapped.IsRoot);
            if (++parts > MostParts || mapped.Length + folder.Length + name.Length + 2 > LongestPath)
                break;
            mapped = mapped.Child(folder);
        }
        return mapped.Child(name);
    }

    /// <summary><c>a/b.jpg</c>, 2 → <c>a/b (2).jpg</c></summary>
    public static EntryPath Numbered(EntryPath path, int number)
    {
        var name = Encoding.UTF8.GetString(path.Name);
        var dot = ExtensionOf(name);
        return path.Parent.Child(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{name[..dot]} ({number}){name[dot..]}")));
    }

    /// <summary>
    /// Equal for paths that differ only in case, which Windows and macOS take for the same. How a letter is composed (NFC, NFD)
    /// is not looked at: without ICU, .NET has no tables for it.
    /// </summary>
    public static string Fold(EntryPath path)
    {
        return Fold(Utf8.IsValid(path.Bytes) ? Encoding.UTF8.GetString(path.Bytes) : PathText.Encode(path.Bytes));
    }

    /// <summary>A part of a path, to compare with folded paths.</summary>
    public static string Fold(string text) => text.ToUpperInvariant();

    private static byte[] MapName(ReadOnlySpan<byte> bytes, bool isFirst)
    {
        var text = Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : PathText.Encode(bytes);
        var name = string.Create(text.Length, text, static (span, from) =>
        {
            for (var i = 0; i < span.Length; i++)
                span[i] = char.IsControl(from[i]) || Forbidden.Contains(from[i]) ? '_' : from[i];
        });
        if (name[^1] is '.' or ' ')
            name = name[..^1] + "_";
        var stem = name.IndexOf('.', StringComparison.Ordinal) is >= 0 and var dot ? name[..dot] : name;
        if (Reserved.Contains(stem.Trim()) || (isFirst && (name.Equals(".holdfast", StringComparison.OrdinalIgnoreCase) || name == "lost+found")))
            name = "_" + name;
        return Shorten(name);
    }

    private static byte[] Shorten(string name)
    {
        var bytes = Encoding.UTF8.GetBytes(name);
        if (bytes.Length <= Longest)
            return bytes;
        var dot = ExtensionOf(name);
        var extension = Encoding.UTF8.GetBytes(name[dot..]);
        if (extension.Length > 32)
            extension = [];
        var end = Longest - extension.Length;
        while ((bytes[end] & 0xc0) == 0x80) // Not within a character.
            end--;
        return [.. bytes[..end], .. extension];
    }

    private static int ExtensionOf(string name) => name.LastIndexOf('.') is > 0 and var dot ? dot : name.Length;
}
