using System.Numerics;

namespace Holdfast.Mtproto.Crypto;

/// <summary>Big-endian unsigned numbers, as the protocol writes them.</summary>
internal static class BigNumber
{
    public static BigInteger From(ReadOnlySpan<byte> bytes) => new(bytes, isUnsigned: true, isBigEndian: true);

    /// <summary>
    /// The number left-padded with zeros to <paramref name="length"/> bytes.
    /// An auth key, a g_a or a hash input that begins with a zero byte must keep it: a client that drops it fails one key exchange in 256.
    /// </summary>
    public static byte[] Padded(BigInteger value, int length)
    {
        var bytes = value.ToByteArray(isUnsigned: true, isBigEndian: true);
        if (bytes.Length == length) return bytes;
        var padded = new byte[length];
        bytes.CopyTo(padded, length - bytes.Length);
        return padded;
    }

    /// <summary>Without leading zeros: the form of p, q and pq.</summary>
    public static byte[] Minimal(ulong value) => ((BigInteger)value).ToByteArray(isUnsigned: true, isBigEndian: true);

    public static ulong ToUInt64(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > 8) throw new ArgumentException("More than 64 bits.", nameof(bytes));
        ulong value = 0;
        foreach (var b in bytes) value = value << 8 | b;
        return value;
    }
}
