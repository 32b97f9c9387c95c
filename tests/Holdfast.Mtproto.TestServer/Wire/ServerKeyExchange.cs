using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;
using Holdfast.Mtproto.Crypto;
using Holdfast.Mtproto.KeyExchange;
using Holdfast.Mtproto.Tl;
using Holdfast.Mtproto.Tl.Service;

namespace Holdfast.Mtproto.TestServer.Wire;

/// <summary>The server's half of one key exchange.</summary>
internal sealed class ServerKeyExchange(ServerKey key, TimeProvider clock, HandshakeFaults faults)
{
    private const uint LegacyReqPq = 0x60469778;
    private const int G = 3;

    // Two constant 31-bit primes: every client has to factorise some product, and this one will do.
    private const ulong P = 1244159563;
    private const ulong Q = 1558201013;
    private Int128Bytes _nonce;
    private Int128Bytes _serverNonce;
    private byte[] _newNonce = [];
    private HandshakeAes _aes;
    private BigInteger _secret;
    private int _retries;

    /// <summary>Answers one plain message.</summary>
    /// <returns>The answer, and the key when the exchange is done.</returns>
    public (ITlObject? Answer, AuthKey? Key, long Salt) Handle(ReadOnlySpan<byte> body)
    {
        var r = new TlReader(body);
        var id = r.UInt32();
        var request = id == LegacyReqPq ? ReqPqMulti.ReadBody(ref r) : ServiceMethods.TryReadBody(id, ref r);
        return request switch
        {
            ReqPqMulti pq => (Begin(pq), null, 0),
            ReqDHParams dh => (Offer(dh), null, 0),
            SetClientDHParams set => Finish(set),
            _ => (null, null, 0),
        };
    }

    private ResPQ Begin(ReqPqMulti request)
    {
        _nonce = request.Nonce;
        _serverNonce = Int128Bytes.From(RandomNumberGenerator.GetBytes(16));
        return new ResPQ { Nonce = faults.WrongNonce ? _serverNonce : _nonce, ServerNonce = _serverNonce, Pq = BigNumber.Minimal(P * Q), ServerPublicKeyFingerprints = [key.Fingerprint] };
    }

    private ServerDHParamsOk Offer(ReqDHParams request)
    {
        if (request.PublicKeyFingerprint != key.Fingerprint || BigNumber.ToUInt64(request.P.Span) != P || BigNumber.ToUInt64(request.Q.Span) != Q)
            throw new InvalidDataException("Wrong factors or another key.");
        var r = new TlReader(key.Decrypt(request.EncryptedData.Span));
        var inner = ServiceConstructors.TryReadBody(r.UInt32(), ref r);
        _newNonce = inner switch
        {
            PQInnerDataDc dc => dc.NewNonce.AsSpan().ToArray(),
            PQInnerDataTempDc temporary => temporary.NewNonce.AsSpan().ToArray(),
            _ => throw new InvalidDataException("Unknown inner data."),
        };
        _aes = HandshakeAes.Derive(_serverNonce.AsSpan(), _newNonce);
        var prime = faults.Prime ?? BigNumber.From(DiffieHellman.KnownPrime);
        _secret = BigNumber.From(RandomNumberGenerator.GetBytes(256));
        var ga = faults.ServerPublic ?? ModularPower.Compute(G, _secret, prime);
        var answer = new ServerDHInnerData
        {
            Nonce = _nonce,
            ServerNonce = _serverNonce,
            G = G,
            DhPrime = BigNumber.Padded(prime, 256),
            GA = BigNumber.Padded(ga, 256),
            ServerTime = (int)clock.GetUtcNow().ToUnixTimeSeconds(),
        };
        return new ServerDHParamsOk { Nonce = _nonce, ServerNonce = _serverNonce, EncryptedAnswer = _aes.Seal(TlWriter.ToBytes(answer)) };
    }

    private (ITlObject Answer, AuthKey? Key, long Salt) Finish(SetClientDHParams request)
    {
        var bytes = request.EncryptedData.ToArray();
        AesIge.Decrypt(bytes, _aes.Key, _aes.Iv);
        var r = new TlReader(bytes.AsSpan(20));
        var inner = ClientDHInnerData.ReadFrom(ref r);
        if (!SHA1.HashData(bytes.AsSpan(20, r.Position)).AsSpan().SequenceEqual(bytes.AsSpan(0, 20))) throw new InvalidDataException("Wrong hash of the client's data.");
        var shared = ModularPower.Compute(BigNumber.From(inner.GB.Span), _secret, BigNumber.From(DiffieHellman.KnownPrime));
        var authKey = new AuthKey(BigNumber.Padded(shared, AuthKey.Size));
        if (faults.WantsRetry?.Invoke(authKey, _retries++) == true)
            return (new DhGenRetry { Nonce = _nonce, ServerNonce = _serverNonce, NewNonceHash2 = Int128Bytes.From(authKey.NonceHash(_newNonce, 2)) }, null, 0);
        var hash = Int128Bytes.From(authKey.NonceHash(_newNonce, 1));
        if (faults.WrongHash) hash[0] ^= 1;
        var salt = BinaryPrimitives.ReadInt64LittleEndian(_newNonce) ^ BinaryPrimitives.ReadInt64LittleEndian(_serverNonce.AsSpan());
        return (new DhGenOk { Nonce = _nonce, ServerNonce = _serverNonce, NewNonceHash1 = hash }, authKey, salt);
    }
}

/// <summary>What a server may do wrong while a key is made; a client must notice.</summary>
internal sealed class HandshakeFaults
{
    public bool WrongNonce { get; set; }

    public bool WrongHash { get; set; }

    public BigInteger? Prime { get; set; }

    public BigInteger? ServerPublic { get; set; }

    /// <summary>Asked with the key and the number of retries before: true makes the client choose another key.</summary>
    public Func<AuthKey, int, bool>? WantsRetry { get; set; }
}
