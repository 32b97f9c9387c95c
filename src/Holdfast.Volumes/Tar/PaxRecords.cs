using System.Globalization;
using System.Text;

namespace Holdfast.Volumes.Tar;

/// <summary>The records of a pax header being written: <c>LENGTH KEYWORD=VALUE\n</c>, the value any bytes.</summary>
internal sealed class PaxRecords
{
    private byte[] _bytes = new byte[1024];
    private int _length;

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    public bool IsEmpty => _length == 0;

    public void Clear() => _length = 0;

    public void Add(string keyword, long value) => Add(keyword, Encoding.ASCII.GetBytes(value.ToString(CultureInfo.InvariantCulture)));

    public void Add(string keyword, ReadOnlySpan<byte> value) => Add(Encoding.UTF8.GetBytes(keyword), value);

    public void Add(ReadOnlySpan<byte> keyword, ReadOnlySpan<byte> value)
    {
        // The length counts its own digits.
        var rest = keyword.Length + value.Length + 3;
        var total = rest + Digits(rest);
        total = rest + Digits(total);
        Append(Encoding.ASCII.GetBytes(total.ToString(CultureInfo.InvariantCulture)));
        Append(" "u8);
        Append(keyword);
        Append("="u8);
        Append(value);
        Append("\n"u8);
    }

    private static int Digits(int number) => number.ToString(CultureInfo.InvariantCulture).Length;

    private void Append(ReadOnlySpan<byte> bytes)
    {
        if (_length + bytes.Length > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + bytes.Length));
        bytes.CopyTo(_bytes.AsSpan(_length));
        _length += bytes.Length;
    }
}
