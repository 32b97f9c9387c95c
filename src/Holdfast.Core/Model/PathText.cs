using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Holdfast.Core.Model;

/// <summary>The two ways to write the bytes of a name as text.</summary>
public static class PathText
{
    private static readonly SearchValues<byte> Special = SearchValues.Create(
        [.. Enumerable.Range(0, 32).Select(b => (byte)b), (byte)'"', (byte)'\\', (byte)'%', 127]);

    /// <summary>
    /// For records: percent-encoded so that it can be undone exactly. Control bytes, '"', '\', '%' and bytes that are
    /// not valid UTF-8 become %XX, all else stays. The result needs no escape in JSON, and a shell undoes it with
    /// <c>printf '%b' "${path//%/\\x}"</c>.
    /// </summary>
    public static string Encode(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.ContainsAny(Special) && Utf8.IsValid(bytes))
            return Encoding.UTF8.GetString(bytes);
        return Escape(bytes, Special, "%");
    }

    /// <summary>Undoes <see cref="Encode"/>.</summary>
    /// <exception cref="FormatException">A '%' is not followed by two hexadecimal digits.</exception>
    public static byte[] Decode(ReadOnlySpan<byte> text)
    {
        if (!text.Contains((byte)'%'))
            return text.ToArray();
        var bytes = new byte[text.Length];
        var length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '%')
            {
                bytes[length++] = text[i];
                continue;
            }
            if (i + 2 >= text.Length || !byte.TryParse(text.Slice(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out bytes[length]))
                throw new FormatException($"'{Encoding.UTF8.GetString(text)}' is not percent-encoded: two hexadecimal digits must follow a '%'.");
            length++;
            i += 2;
        }
        return bytes.AsSpan(0, length).ToArray();
    }

    /// <summary>For people: control characters and bytes that are not UTF-8 as \xNN, '\' as '\\'.</summary>
    public static string ForPeople(ReadOnlySpan<byte> bytes) =>
        !bytes.ContainsAnyInRange((byte)0, (byte)31) && !bytes.ContainsAny((byte)'\\', (byte)127) && Utf8.IsValid(bytes)
            ? Encoding.UTF8.GetString(bytes)
            : Escape(bytes, PeopleSpecial, "\\x").Replace("\\x5C", "\\\\", StringComparison.Ordinal);

    private static readonly SearchValues<byte> PeopleSpecial = SearchValues.Create(
        [.. Enumerable.Range(0, 32).Select(b => (byte)b), (byte)'\\', 127]);

    private static string Escape(ReadOnlySpan<byte> bytes, SearchValues<byte> special, string prefix)
    {
        var text = new StringBuilder(bytes.Length + 16);
        while (!bytes.IsEmpty)
        {
            var status = Rune.DecodeFromUtf8(bytes, out var rune, out var consumed);
            if (status == OperationStatus.Done && !(consumed == 1 && special.Contains(bytes[0])))
                text.Append(rune.ToString());
            else
                foreach (var b in bytes[..consumed])
                    text.Append(prefix).Append(b.ToString("X2", CultureInfo.InvariantCulture));
            bytes = bytes[consumed..];
        }
        return text.ToString();
    }
}
