using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using X86Aes = System.Runtime.Intrinsics.X86.Aes;

namespace Holdfast.Mtproto.Crypto;

/// <summary>AES-256 of blocks that do not depend on each other, by the processor's own instructions.</summary>
internal static class Aes256Blocks
{
    /// <summary>Blocks side by side: enough for the processor to begin one round after the other without waiting for a result.</summary>
    private const int Side = 8;

    /// <param name="blocks">A multiple of eight; replaced by their ciphertext.</param>
    /// <param name="keys">The 15 round keys.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Encrypt(Span<Vector128<byte>> blocks, ReadOnlySpan<Vector128<byte>> keys)
    {
        for (; blocks.Length >= Side; blocks = blocks[Side..])
        {
            var k = keys[0];
            Vector128<byte> a = blocks[0] ^ k, b = blocks[1] ^ k, c = blocks[2] ^ k, d = blocks[3] ^ k, e = blocks[4] ^ k, f = blocks[5] ^ k, g = blocks[6] ^ k, h = blocks[7] ^ k;
            for (var round = 1; round < Aes256Keys.Rounds; round++)
            {
                k = keys[round];
                a = X86Aes.Encrypt(a, k); b = X86Aes.Encrypt(b, k); c = X86Aes.Encrypt(c, k); d = X86Aes.Encrypt(d, k);
                e = X86Aes.Encrypt(e, k); f = X86Aes.Encrypt(f, k); g = X86Aes.Encrypt(g, k); h = X86Aes.Encrypt(h, k);
            }
            k = keys[Aes256Keys.Rounds];
            blocks[0] = X86Aes.EncryptLast(a, k); blocks[1] = X86Aes.EncryptLast(b, k); blocks[2] = X86Aes.EncryptLast(c, k); blocks[3] = X86Aes.EncryptLast(d, k);
            blocks[4] = X86Aes.EncryptLast(e, k); blocks[5] = X86Aes.EncryptLast(f, k); blocks[6] = X86Aes.EncryptLast(g, k); blocks[7] = X86Aes.EncryptLast(h, k);
        }
    }
}
