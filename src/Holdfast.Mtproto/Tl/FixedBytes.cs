using System.Runtime.CompilerServices;

namespace Holdfast.Mtproto.Tl;

/// <summary>16 bytes by value: a nonce or a hash.</summary>
[InlineArray(16)]
public struct Int128Bytes
{
    private byte _first;

    /// <summary>The bytes, copied from 16 bytes.</summary>
    /// <param name="bytes">Exactly 16 bytes.</param>
    public static Int128Bytes From(ReadOnlySpan<byte> bytes)
    {
        Int128Bytes value = default;
        bytes[..16].CopyTo(value);
        return value;
    }
}

/// <summary>32 bytes by value.</summary>
[InlineArray(32)]
public struct Int256Bytes
{
    private byte _first;

    /// <summary>The bytes, copied from 32 bytes.</summary>
    /// <param name="bytes">Exactly 32 bytes.</param>
    public static Int256Bytes From(ReadOnlySpan<byte> bytes)
    {
        Int256Bytes value = default;
        bytes[..32].CopyTo(value);
        return value;
    }
}

internal static class FixedBytesSpans
{
    public static ReadOnlySpan<byte> AsSpan(this in Int128Bytes value) => value;

    public static ReadOnlySpan<byte> AsSpan(this in Int256Bytes value) => value;
}
