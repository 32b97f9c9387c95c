using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using X86Aes = System.Runtime.Intrinsics.X86.Aes;

namespace Holdfast.Mtproto.Crypto;

/// <summary>
/// AES-256 in infinite garble extension mode, in place (https://core.telegram.org/mtproto/description#defining-aes-key-and-initialization-vector).
/// Each block depends on the one before in both directions, so no library's bulk mode fits and the rounds are done here.
/// </summary>
internal static class AesIge
{
    public const int Block = 16;

    /// <param name="data">A whole number of blocks; replaced by its ciphertext.</param>
    /// <param name="key">32 bytes.</param>
    /// <param name="iv">32 bytes: the block before the ciphertext, then the one before the plaintext.</param>
    public static void Encrypt(Span<byte> data, ReadOnlySpan<byte> key, ReadOnlySpan<byte> iv)
    {
        Check(data, key, iv);
        if (!X86Aes.IsSupported)
        {
            EncryptPortable(data, key, iv);
            return;
        }
        var lane = AesIgeLane.ToEncrypt(data, key, iv, stackalloc Vector128<byte>[Aes256Keys.Rounds + 1]);
        EncryptLane(ref lane);
    }

    /// <inheritdoc cref="Encrypt"/>
    public static void Decrypt(Span<byte> data, ReadOnlySpan<byte> key, ReadOnlySpan<byte> iv)
    {
        Check(data, key, iv);
        if (!X86Aes.IsSupported)
        {
            DecryptPortable(data, key, iv);
            return;
        }
        var lane = AesIgeLane.ToDecrypt(data, key, iv, stackalloc Vector128<byte>[Aes256Keys.Rounds + 1]);
        DecryptLane(ref lane);
    }

    internal static void EncryptPortable(Span<byte> data, ReadOnlySpan<byte> key, ReadOnlySpan<byte> iv)
    {
        using var aes = Aes.Create();
        aes.SetKey(key);
        Span<byte> previousOut = stackalloc byte[Block], previousIn = stackalloc byte[Block], plain = stackalloc byte[Block];
        iv[..Block].CopyTo(previousOut);
        iv[Block..].CopyTo(previousIn);
        for (; data.Length > 0; data = data[Block..])
        {
            var block = data[..Block];
            block.CopyTo(plain);
            Xor(block, previousOut);
            aes.EncryptEcb(block, block, PaddingMode.None);
            Xor(block, previousIn);
            block.CopyTo(previousOut);
            plain.CopyTo(previousIn);
        }
    }

    internal static void DecryptPortable(Span<byte> data, ReadOnlySpan<byte> key, ReadOnlySpan<byte> iv)
    {
        using var aes = Aes.Create();
        aes.SetKey(key);
        Span<byte> previousIn = stackalloc byte[Block], previousOut = stackalloc byte[Block], cipher = stackalloc byte[Block];
        iv[..Block].CopyTo(previousIn);
        iv[Block..].CopyTo(previousOut);
        for (; data.Length > 0; data = data[Block..])
        {
            var block = data[..Block];
            block.CopyTo(cipher);
            Xor(block, previousOut);
            aes.DecryptEcb(block, block, PaddingMode.None);
            Xor(block, previousIn);
            block.CopyTo(previousOut);
            cipher.CopyTo(previousIn);
        }
    }

    /// <summary>Encrypts what is left of a message.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void EncryptLane(ref AesIgeLane lane)
    {
        var blocks = lane.Blocks;
        var k = lane.Keys;
        var (previousOut, previousIn) = (lane.PreviousOut, lane.PreviousIn);
        // The keys stand in locals: through the span every round would check its bounds.
        Vector128<byte> k0 = k[0], k1 = k[1], k2 = k[2], k3 = k[3], k4 = k[4], k5 = k[5], k6 = k[6], k7 = k[7], k8 = k[8], k9 = k[9], k10 = k[10], k11 = k[11], k12 = k[12], k13 = k[13], k14 = k[14];
        for (var i = 0; i < blocks.Length; i++)
        {
            var plain = blocks[i];
            // plain ^ key depends on nothing before, so only one XOR stands in the chain.
            var s = (plain ^ k0) ^ previousOut;
            s = X86Aes.Encrypt(s, k1); s = X86Aes.Encrypt(s, k2); s = X86Aes.Encrypt(s, k3); s = X86Aes.Encrypt(s, k4);
            s = X86Aes.Encrypt(s, k5); s = X86Aes.Encrypt(s, k6); s = X86Aes.Encrypt(s, k7); s = X86Aes.Encrypt(s, k8);
            s = X86Aes.Encrypt(s, k9); s = X86Aes.Encrypt(s, k10); s = X86Aes.Encrypt(s, k11); s = X86Aes.Encrypt(s, k12);
            s = X86Aes.Encrypt(s, k13);
            s = X86Aes.EncryptLast(s, k14 ^ previousIn);
            blocks[i] = s;
            previousOut = s;
            previousIn = plain;
        }
    }

    /// <summary>Decrypts what is left of a message.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void DecryptLane(ref AesIgeLane lane)
    {
        var blocks = lane.Blocks;
        var k = lane.Keys;
        var (previousOut, previousIn) = (lane.PreviousOut, lane.PreviousIn);
        Vector128<byte> k0 = k[0], k1 = k[1], k2 = k[2], k3 = k[3], k4 = k[4], k5 = k[5], k6 = k[6], k7 = k[7], k8 = k[8], k9 = k[9], k10 = k[10], k11 = k[11], k12 = k[12], k13 = k[13], k14 = k[14];
        for (var i = 0; i < blocks.Length; i++)
        {
            var cipher = blocks[i];
            var s = (cipher ^ k0) ^ previousOut;
            s = X86Aes.Decrypt(s, k1); s = X86Aes.Decrypt(s, k2); s = X86Aes.Decrypt(s, k3); s = X86Aes.Decrypt(s, k4);
            s = X86Aes.Decrypt(s, k5); s = X86Aes.Decrypt(s, k6); s = X86Aes.Decrypt(s, k7); s = X86Aes.Decrypt(s, k8);
            s = X86Aes.Decrypt(s, k9); s = X86Aes.Decrypt(s, k10); s = X86Aes.Decrypt(s, k11); s = X86Aes.Decrypt(s, k12);
            s = X86Aes.Decrypt(s, k13);
            s = X86Aes.DecryptLast(s, k14 ^ previousIn);
            blocks[i] = s;
            previousOut = s;
            previousIn = cipher;
        }
    }

    private static void Xor(Span<byte> target, ReadOnlySpan<byte> other)
    {
        for (var i = 0; i < Block; i++) target[i] ^= other[i];
    }

    private static void Check(ReadOnlySpan<byte> data, ReadOnlySpan<byte> key, ReadOnlySpan<byte> iv)
    {
        if (data.Length % Block != 0 || key.Length != 32 || iv.Length != 32)
            throw new CryptographicException("AES-IGE takes whole blocks of 16 bytes, a key of 32 and an initial vector of 32.");
    }
}
