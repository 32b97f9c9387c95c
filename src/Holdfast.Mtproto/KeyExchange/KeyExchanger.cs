using System.Buffers.Binary;
using System.Security.Cryptography;
using Holdfast.Mtproto.Crypto;
using Holdfast.Mtproto.Tl;
using Holdfast.Mtproto.Tl.Service;
using Holdfast.Mtproto.Transport;

namespace Holdfast.Mtproto.KeyExchange;

/// <summary>What a key exchange yields.</summary>
/// <param name="Key">The shared key.</param>
/// <param name="Salt">The first server salt.</param>
/// <param name="ServerTime">The server's clock, seconds since 1970 UTC.</param>
internal sealed record ExchangedKey(AuthKey Key, long Salt, int ServerTime);

/// <summary>
/// https://core.telegram.org/mtproto/auth_key, with every check of https://core.telegram.org/mtproto/security_guidelines.
/// </summary>
internal sealed class KeyExchanger(IReadOnlyList<TelegramPublicKey> keys, int dataCenter, TimeProvider time)
{
    private const int MaxRetries = 5;
    private long _messageId;

    /// <summary>Source of secrets; tests give their own to reach rare values.</summary>
    public Func<int, byte[]> RandomBytes { get; init; } = RandomNumberGenerator.GetBytes;

    /// <exception cref="CryptographicException">The server failed a check: it is not Telegram, or someone is in between.</exception>
    public async Task<ExchangedKey> RunAsync(FrameStream stream, CancellationToken ct)
    {
        var nonce = Int128Bytes.From(RandomBytes(16));
        var pq = await CallAsync(stream, new ReqPqMulti { Nonce = nonce }, ResPQ.ReadFrom, ct);
        Same(nonce, pq.Nonce);
        var newNonce = RandomBytes(32);
        var answer = await CallAsync(stream, Identify(pq, newNonce), ServerDHParamsOk.ReadFrom, ct);
        Same(nonce, answer.Nonce);
        Same(pq.ServerNonce, answer.ServerNonce);
        var aes = HandshakeAes.Derive(pq.ServerNonce.AsSpan(), newNonce);
        var inner = Open(answer, aes, pq);
        return await AgreeAsync(stream, pq, inner, aes, newNonce, ct);
    }

    private ReqDHParams Identify(ResPQ pq, byte[] newNonce)
    {
        var key = keys.FirstOrDefault(k => pq.ServerPublicKeyFingerprints.Contains(k.Fingerprint))
            ?? throw new CryptographicException("The server has none of the keys that this client knows: it is not the Telegram it was taken for.");
        var (p, q) = Factorization.Split(BigNumber.ToUInt64(pq.Pq.Span));
        var inner = new PQInnerDataDc
        {
            Pq = pq.Pq,
            P = BigNumber.Minimal(p),
            Q = BigNumber.Minimal(q),
            Nonce = pq.Nonce,
            ServerNonce = pq.ServerNonce,
            NewNonce = Int256Bytes.From(newNonce),
            Dc = dataCenter,
        };
        return new ReqDHParams
        {
            Nonce = pq.Nonce,
            ServerNonce = pq.ServerNonce,
            P = inner.P,
            Q = inner.Q,
            PublicKeyFingerprint = key.Fingerprint,
            EncryptedData = key.Encrypt(TlWriter.ToBytes(inner), RandomBytes),
        };
    }

    private static ServerDHInnerData Open(ServerDHParamsOk answer, HandshakeAes aes, ResPQ pq)
    {
        var bytes = answer.EncryptedAnswer.ToArray();
        AesIge.Decrypt(bytes, aes.Key, aes.Iv);
        var r = new TlReader(bytes.AsSpan(SHA1.HashSizeInBytes));
        var inner = ServerDHInnerData.ReadFrom(ref r);
        Verify(SHA1.HashData(bytes.AsSpan(SHA1.HashSizeInBytes, r.Position)), bytes.AsSpan(0, SHA1.HashSizeInBytes), "The server's answer is damaged.");
        if (r.Left >= 16) throw new CryptographicException("The server's answer has more padding than it may.");
        Same(pq.Nonce, inner.Nonce);
        Same(pq.ServerNonce, inner.ServerNonce);
        var prime = BigNumber.From(inner.DhPrime.Span);
        DiffieHellman.CheckGroup(prime, inner.G);
        DiffieHellman.CheckValue(BigNumber.From(inner.GA.Span), prime);
        return inner;
    }

    private async Task<ExchangedKey> AgreeAsync(FrameStream stream, ResPQ pq, ServerDHInnerData group, HandshakeAes aes, byte[] newNonce, CancellationToken ct)
    {
        var prime = BigNumber.From(group.DhPrime.Span);
        long retryId = 0;
        for (var attempt = 0; attempt < MaxRetries; attempt++)
        {
            var (secret, gb) = DiffieHellman.NewPair(prime, group.G, RandomBytes);
            var key = new AuthKey(BigNumber.Padded(ModularPower.Compute(BigNumber.From(group.GA.Span), secret, prime), AuthKey.Size));
            var inner = new ClientDHInnerData
            {
                Nonce = pq.Nonce,
                ServerNonce = pq.ServerNonce,
                RetryId = retryId,
                GB = BigNumber.Padded(gb, DiffieHellman.KeySize),
            };
            var request = new SetClientDHParams { Nonce = pq.Nonce, ServerNonce = pq.ServerNonce, EncryptedData = aes.Seal(TlWriter.ToBytes(inner)) };
            var answer = await CallAsync(stream, request, SetClientDHParamsAnswer.ReadFrom, ct);
            if (Judge(answer, pq, key, newNonce)) return new ExchangedKey(key, FirstSalt(newNonce, pq), group.ServerTime);
            retryId = BinaryPrimitives.ReadInt64LittleEndian(SHA1.HashData(key.Bytes));
        }
        throw new CryptographicException("The server asked too often for another key.");
    }

    /// <returns>Whether the key stands; false when the server wants another one.</returns>
    private static bool Judge(SetClientDHParamsAnswer answer, ResPQ pq, AuthKey key, byte[] newNonce)
    {
        var (nonce, serverNonce, hash, number) = answer switch
        {
            DhGenOk ok => (ok.Nonce, ok.ServerNonce, ok.NewNonceHash1, (byte)1),
            DhGenRetry retry => (retry.Nonce, retry.ServerNonce, retry.NewNonceHash2, (byte)2),
            DhGenFail fail => (fail.Nonce, fail.ServerNonce, fail.NewNonceHash3, (byte)3),
            _ => throw new TlException("An unknown end of the key exchange."),
        };
        Same(pq.Nonce, nonce);
        Same(pq.ServerNonce, serverNonce);
        Verify(key.NonceHash(newNonce, number), hash.AsSpan(), "The server did not prove that it has the same key.");
        if (answer is DhGenFail) throw new CryptographicException("The server refused the key.");
        return answer is DhGenOk;
    }

    private static long FirstSalt(byte[] newNonce, ResPQ pq) =>
        BinaryPrimitives.ReadInt64LittleEndian(newNonce) ^ BinaryPrimitives.ReadInt64LittleEndian(pq.ServerNonce.AsSpan());

    private async Task<T> CallAsync<T>(FrameStream stream, ITlObject request, TlElement<T> read, CancellationToken ct)
    {
        await PlainMessages.SendAsync(stream, NextMessageId(), request, ct);
        using var frame = await stream.ReadAsync(ct);
        return PlainMessages.Read(frame.Bytes, read);
    }

    private long NextMessageId() => _messageId = Math.Max(_messageId + 4, time.GetUtcNow().ToUnixTimeSeconds() << 32);

    private static void Same(Int128Bytes expected, Int128Bytes actual) =>
        Verify(expected.AsSpan(), actual.AsSpan(), "The server's answer belongs to another key exchange.");

    private static void Verify(ReadOnlySpan<byte> expected, ReadOnlySpan<byte> actual, string message)
    {
        if (!CryptographicOperations.FixedTimeEquals(expected, actual)) throw new CryptographicException(message);
    }
}
