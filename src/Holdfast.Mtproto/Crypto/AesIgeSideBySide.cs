using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using X86Aes = System.Runtime.Intrinsics.X86.Aes;

namespace Holdfast.Mtproto.Crypto;

/// <summary>
/// <see cref="AesIge"/> of up to four messages at a time. Within a message each block waits for the one before, so one alone leaves three quarters
/// of the processor's AES units idle; other messages fill them. The messages may differ in length.
/// </summary>
internal static class AesIgeSideBySide
{
    public const int Most = 4;

    /// <summary>Bytes of a message's key and initial vector.</summary>
    public const int KeyAndIv = 64;
    private const int KeyCount = Aes256Keys.Rounds + 1;

    /// <param name="messages">Up to <see cref="Most"/>, each a whole number of blocks; replaced by their ciphertext.</param>
    /// <param name="keysAndIvs"><see cref="KeyAndIv"/> bytes for each.</param>
    public static void Encrypt(ReadOnlySpan<Memory<byte>> messages, ReadOnlySpan<byte> keysAndIvs) => Run(messages, keysAndIvs, isEncryption: true);

    /// <inheritdoc cref="Encrypt"/>
    public static void Decrypt(ReadOnlySpan<Memory<byte>> messages, ReadOnlySpan<byte> keysAndIvs) => Run(messages, keysAndIvs, isEncryption: false);

    private static void Run(ReadOnlySpan<Memory<byte>> messages, ReadOnlySpan<byte> keysAndIvs, bool isEncryption)
    {
        if (messages.Length > Most) throw new ArgumentException($"At most {Most} messages at a time.", nameof(messages));
        if (messages.Length == Most && X86Aes.IsSupported)
        {
            RunFour(messages, keysAndIvs, isEncryption);
            return;
        }
        var at = 0;
        for (; X86Aes.IsSupported && at + 2 <= messages.Length; at += 2) RunTwo(messages[at..], keysAndIvs[(at * KeyAndIv)..], isEncryption);
        for (; at < messages.Length; at++)
        {
            var key = keysAndIvs.Slice(at * KeyAndIv, KeyAndIv);
            if (isEncryption) AesIge.Encrypt(messages[at].Span, key[..32], key[32..]);
            else AesIge.Decrypt(messages[at].Span, key[..32], key[32..]);
        }
    }

    private static void RunFour(ReadOnlySpan<Memory<byte>> messages, ReadOnlySpan<byte> keysAndIvs, bool isEncryption)
    {
        Span<Vector128<byte>> keys = stackalloc Vector128<byte>[Most * KeyCount];
        var a = LaneOf(messages, keysAndIvs, keys, 0, isEncryption);
        var b = LaneOf(messages, keysAndIvs, keys, 1, isEncryption);
        var c = LaneOf(messages, keysAndIvs, keys, 2, isEncryption);
        var d = LaneOf(messages, keysAndIvs, keys, 3, isEncryption);
        var common = Math.Min(Math.Min(a.Blocks.Length, b.Blocks.Length), Math.Min(c.Blocks.Length, d.Blocks.Length));
        if (isEncryption) EncryptFour(ref a, ref b, ref c, ref d, common);
        else DecryptFour(ref a, ref b, ref c, ref d, common);
        // Parts of a file have one length; what differs is the last one.
        Finish(ref a, ref b, isEncryption);
        Finish(ref c, ref d, isEncryption);
    }

    private static void RunTwo(ReadOnlySpan<Memory<byte>> messages, ReadOnlySpan<byte> keysAndIvs, bool isEncryption)
    {
        Span<Vector128<byte>> keys = stackalloc Vector128<byte>[2 * KeyCount];
        var a = LaneOf(messages, keysAndIvs, keys, 0, isEncryption);
        var b = LaneOf(messages, keysAndIvs, keys, 1, isEncryption);
        Finish(ref a, ref b, isEncryption);
    }

    private static AesIgeLane LaneOf(ReadOnlySpan<Memory<byte>> messages, ReadOnlySpan<byte> keysAndIvs, Span<Vector128<byte>> keys, int lane, bool isEncryption)
    {
        var data = messages[lane].Span;
        var key = keysAndIvs.Slice(lane * KeyAndIv, 32);
        var iv = keysAndIvs.Slice((lane * KeyAndIv) + 32, 32);
        if (data.Length % AesIge.Block != 0) throw new CryptographicException("AES-IGE takes whole blocks of 16 bytes.");
        var own = keys.Slice(lane * KeyCount, KeyCount);
        return isEncryption ? AesIgeLane.ToEncrypt(data, key, iv, own) : AesIgeLane.ToDecrypt(data, key, iv, own);
    }

    private static void Finish(ref AesIgeLane a, ref AesIgeLane b, bool isEncryption)
    {
        var common = Math.Min(a.Blocks.Length, b.Blocks.Length);
        if (isEncryption)
        {
            EncryptTwo(ref a, ref b, common);
            AesIge.EncryptLane(ref a);
            AesIge.EncryptLane(ref b);
        }
        else
        {
            DecryptTwo(ref a, ref b, common);
            AesIge.DecryptLane(ref a);
            AesIge.DecryptLane(ref b);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void EncryptFour(ref AesIgeLane a, ref AesIgeLane b, ref AesIgeLane c, ref AesIgeLane d, int count)
    {
        Span<Vector128<byte>> x = a.Blocks[..count], y = b.Blocks[..count], z = c.Blocks[..count], w = d.Blocks[..count];
        ref Vector128<byte> k = ref MemoryMarshal.GetReference(a.Keys), l = ref MemoryMarshal.GetReference(b.Keys), m = ref MemoryMarshal.GetReference(c.Keys), n = ref MemoryMarshal.GetReference(d.Keys);
        Vector128<byte> outA = a.PreviousOut, outB = b.PreviousOut, outC = c.PreviousOut, outD = d.PreviousOut;
        Vector128<byte> inA = a.PreviousIn, inB = b.PreviousIn, inC = c.PreviousIn, inD = d.PreviousIn;
        for (var i = 0; i < x.Length; i++)
        {
            Vector128<byte> plainA = x[i], plainB = y[i], plainC = z[i], plainD = w[i];
            Vector128<byte> s = (plainA ^ k) ^ outA, t = (plainB ^ l) ^ outB, u = (plainC ^ m) ^ outC, v = (plainD ^ n) ^ outD;
            for (var round = 1; round < Aes256Keys.Rounds; round++)
            {
                s = X86Aes.Encrypt(s, Unsafe.Add(ref k, round));
                t = X86Aes.Encrypt(t, Unsafe.Add(ref l, round));
                u = X86Aes.Encrypt(u, Unsafe.Add(ref m, round));
                v = X86Aes.Encrypt(v, Unsafe.Add(ref n, round));
            }
            x[i] = outA = X86Aes.EncryptLast(s, Unsafe.Add(ref k, Aes256Keys.Rounds) ^ inA);
            y[i] = outB = X86Aes.EncryptLast(t, Unsafe.Add(ref l, Aes256Keys.Rounds) ^ inB);
            z[i] = outC = X86Aes.EncryptLast(u, Unsafe.Add(ref m, Aes256Keys.Rounds) ^ inC);
            w[i] = outD = X86Aes.EncryptLast(v, Unsafe.Add(ref n, Aes256Keys.Rounds) ^ inD);
            (inA, inB, inC, inD) = (plainA, plainB, plainC, plainD);
        }
        Advance(ref a, count, outA, inA);
        Advance(ref b, count, outB, inB);
        Advance(ref c, count, outC, inC);
        Advance(ref d, count, outD, inD);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void EncryptTwo(ref AesIgeLane a, ref AesIgeLane b, int count)
    {
        Span<Vector128<byte>> x = a.Blocks[..count], y = b.Blocks[..count];
        ref Vector128<byte> k = ref MemoryMarshal.GetReference(a.Keys), l = ref MemoryMarshal.GetReference(b.Keys);
        Vector128<byte> outA = a.PreviousOut, outB = b.PreviousOut, inA = a.PreviousIn, inB = b.PreviousIn;
        for (var i = 0; i < x.Length; i++)
        {
            Vector128<byte> plainA = x[i], plainB = y[i];
            Vector128<byte> s = (plainA ^ k) ^ outA, t = (plainB ^ l) ^ outB;
            for (var round = 1; round < Aes256Keys.Rounds; round++)
            {
                s = X86Aes.Encrypt(s, Unsafe.Add(ref k, round));
                t = X86Aes.Encrypt(t, Unsafe.Add(ref l, round));
            }
            x[i] = outA = X86Aes.EncryptLast(s, Unsafe.Add(ref k, Aes256Keys.Rounds) ^ inA);
            y[i] = outB = X86Aes.EncryptLast(t, Unsafe.Add(ref l, Aes256Keys.Rounds) ^ inB);
            (inA, inB) = (plainA, plainB);
        }
        Advance(ref a, count, outA, inA);
        Advance(ref b, count, outB, inB);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void DecryptFour(ref AesIgeLane a, ref AesIgeLane b, ref AesIgeLane c, ref AesIgeLane d, int count)
    {
        Span<Vector128<byte>> x = a.Blocks[..count], y = b.Blocks[..count], z = c.Blocks[..count], w = d.Blocks[..count];
        ref Vector128<byte> k = ref MemoryMarshal.GetReference(a.Keys), l = ref MemoryMarshal.GetReference(b.Keys), m = ref MemoryMarshal.GetReference(c.Keys), n = ref MemoryMarshal.GetReference(d.Keys);
        Vector128<byte> outA = a.PreviousOut, outB = b.PreviousOut, outC = c.PreviousOut, outD = d.PreviousOut;
        Vector128<byte> inA = a.PreviousIn, inB = b.PreviousIn, inC = c.PreviousIn, inD = d.PreviousIn;
        for (var i = 0; i < x.Length; i++)
        {
            Vector128<byte> cipherA = x[i], cipherB = y[i], cipherC = z[i], cipherD = w[i];
            Vector128<byte> s = (cipherA ^ k) ^ outA, t = (cipherB ^ l) ^ outB, u = (cipherC ^ m) ^ outC, v = (cipherD ^ n) ^ outD;
            for (var round = 1; round < Aes256Keys.Rounds; round++)
            {
                s = X86Aes.Decrypt(s, Unsafe.Add(ref k, round));
                t = X86Aes.Decrypt(t, Unsafe.Add(ref l, round));
                u = X86Aes.Decrypt(u, Unsafe.Add(ref m, round));
                v = X86Aes.Decrypt(v, Unsafe.Add(ref n, round));
            }
            x[i] = outA = X86Aes.DecryptLast(s, Unsafe.Add(ref k, Aes256Keys.Rounds) ^ inA);
            y[i] = outB = X86Aes.DecryptLast(t, Unsafe.Add(ref l, Aes256Keys.Rounds) ^ inB);
            z[i] = outC = X86Aes.DecryptLast(u, Unsafe.Add(ref m, Aes256Keys.Rounds) ^ inC);
            w[i] = outD = X86Aes.DecryptLast(v, Unsafe.Add(ref n, Aes256Keys.Rounds) ^ inD);
            (inA, inB, inC, inD) = (cipherA, cipherB, cipherC, cipherD);
        }
        Advance(ref a, count, outA, inA);
        Advance(ref b, count, outB, inB);
        Advance(ref c, count, outC, inC);
        Advance(ref d, count, outD, inD);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void DecryptTwo(ref AesIgeLane a, ref AesIgeLane b, int count)
    {
        Span<Vector128<byte>> x = a.Blocks[..count], y = b.Blocks[..count];
        ref Vector128<byte> k = ref MemoryMarshal.GetReference(a.Keys), l = ref MemoryMarshal.GetReference(b.Keys);
        Vector128<byte> outA = a.PreviousOut, outB = b.PreviousOut, inA = a.PreviousIn, inB = b.PreviousIn;
        for (var i = 0; i < x.Length; i++)
        {
            Vector128<byte> cipherA = x[i], cipherB = y[i];
            Vector128<byte> s = (cipherA ^ k) ^ outA, t = (cipherB ^ l) ^ outB;
            for (var round = 1; round < Aes256Keys.Rounds; round++)
            {
                s = X86Aes.Decrypt(s, Unsafe.Add(ref k, round));
                t = X86Aes.Decrypt(t, Unsafe.Add(ref l, round));
            }
            x[i] = outA = X86Aes.DecryptLast(s, Unsafe.Add(ref k, Aes256Keys.Rounds) ^ inA);
            y[i] = outB = X86Aes.DecryptLast(t, Unsafe.Add(ref l, Aes256Keys.Rounds) ^ inB);
            (inA, inB) = (cipherA, cipherB);
        }
        Advance(ref a, count, outA, inA);
        Advance(ref b, count, outB, inB);
    }

    private static void Advance(ref AesIgeLane lane, int count, Vector128<byte> previousOut, Vector128<byte> previousIn)
    {
        lane.Blocks = lane.Blocks[count..];
        (lane.PreviousOut, lane.PreviousIn) = (previousOut, previousIn);
    }
}
