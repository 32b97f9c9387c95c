using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using X86Aes = System.Runtime.Intrinsics.X86.Aes;

namespace Holdfast.Mtproto.Crypto;

/// <summary>The round keys of AES-256 (FIPS 197, section 5.2) by the processor's own instructions.</summary>
internal static class Aes256Keys
{
    public const int Rounds = 14;

    public static void Expand(ReadOnlySpan<byte> key, Span<Vector128<byte>> keys)
    {
        var even = Vector128.Create(key[..16]);
        var odd = Vector128.Create(key[16..]);
        keys[0] = even;
        keys[1] = odd;
        keys[2] = even = NextEven(even, X86Aes.KeygenAssist(odd, 0x01));
        keys[3] = odd = NextOdd(odd, even);
        keys[4] = even = NextEven(even, X86Aes.KeygenAssist(odd, 0x02));
        keys[5] = odd = NextOdd(odd, even);
        keys[6] = even = NextEven(even, X86Aes.KeygenAssist(odd, 0x04));
        keys[7] = odd = NextOdd(odd, even);
        keys[8] = even = NextEven(even, X86Aes.KeygenAssist(odd, 0x08));
        keys[9] = odd = NextOdd(odd, even);
        keys[10] = even = NextEven(even, X86Aes.KeygenAssist(odd, 0x10));
        keys[11] = odd = NextOdd(odd, even);
        keys[12] = even = NextEven(even, X86Aes.KeygenAssist(odd, 0x20));
        keys[13] = odd = NextOdd(odd, even);
        keys[14] = NextEven(even, X86Aes.KeygenAssist(odd, 0x40));
    }

    /// <summary>Round keys for decryption: backwards, the inner ones through the inverse column mix.</summary>
    public static void Invert(Span<Vector128<byte>> keys)
    {
        keys[..(Rounds + 1)].Reverse();
        for (var i = 1; i < Rounds; i++) keys[i] = X86Aes.InverseMixColumns(keys[i]);
    }

    private static Vector128<byte> NextEven(Vector128<byte> key, Vector128<byte> assist) =>
        Smear(key) ^ Sse2.Shuffle(assist.AsInt32(), 0xff).AsByte();

    private static Vector128<byte> NextOdd(Vector128<byte> key, Vector128<byte> even) =>
        Smear(key) ^ Sse2.Shuffle(X86Aes.KeygenAssist(even, 0).AsInt32(), 0xaa).AsByte();

    private static Vector128<byte> Smear(Vector128<byte> key)
    {
        key ^= Sse2.ShiftLeftLogical128BitLane(key, 4);
        return key ^ Sse2.ShiftLeftLogical128BitLane(key, 8);
    }
}
