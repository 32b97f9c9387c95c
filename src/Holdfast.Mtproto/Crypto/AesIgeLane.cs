using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Holdfast.Mtproto.Crypto;

/// <summary>One message on its way through the cipher: the blocks that are left, its round keys, and the chain.</summary>
internal ref struct AesIgeLane
{
    /// <summary>What is left to be done.</summary>
    public Span<Vector128<byte>> Blocks;

    public Span<Vector128<byte>> Keys;

    /// <summary>The block before, on the side of the ciphertext when encrypting, of the plaintext when decrypting.</summary>
    public Vector128<byte> PreviousOut;

    /// <summary>The block before, on the other side.</summary>
    public Vector128<byte> PreviousIn;

    public static AesIgeLane ToEncrypt(Span<byte> data, ReadOnlySpan<byte> key, ReadOnlySpan<byte> iv, Span<Vector128<byte>> keys)
    {
        Aes256Keys.Expand(key, keys);
        return new AesIgeLane
        {
            Blocks = MemoryMarshal.Cast<byte, Vector128<byte>>(data),
            Keys = keys,
            PreviousOut = Vector128.Create(iv[..AesIge.Block]),
            PreviousIn = Vector128.Create(iv[AesIge.Block..]),
        };
    }

    public static AesIgeLane ToDecrypt(Span<byte> data, ReadOnlySpan<byte> key, ReadOnlySpan<byte> iv, Span<Vector128<byte>> keys)
    {
        Aes256Keys.Expand(key, keys);
        Aes256Keys.Invert(keys);
        return new AesIgeLane
        {
            Blocks = MemoryMarshal.Cast<byte, Vector128<byte>>(data),
            Keys = keys,
            PreviousIn = Vector128.Create(iv[..AesIge.Block]),
            PreviousOut = Vector128.Create(iv[AesIge.Block..]),
        };
    }
}
