using System.Numerics;
using System.Security.Cryptography;
using Holdfast.Mtproto.Crypto;

namespace Holdfast.Mtproto.TestServer.Wire;

/// <summary>The server's RSA key.</summary>
internal sealed class ServerKey
{
    private readonly BigInteger _modulus;
    private readonly BigInteger _private;

    private ServerKey(RSA rsa)
    {
        var p = rsa.ExportParameters(includePrivateParameters: true);
        _modulus = BigNumber.From(p.Modulus);
        _private = BigNumber.From(p.D);
        Fingerprint = TelegramPublicKey.FingerprintOf(p.Modulus!, p.Exponent!);
        PublicPem = rsa.ExportRSAPublicKeyPem();
        PrivatePem = rsa.ExportRSAPrivateKeyPem();
    }

    public long Fingerprint { get; }

    public string PublicPem { get; }

    public string PrivatePem { get; }

    public static ServerKey Create()
    {
        while (true)
        {
            using var rsa = RSA.Create(2048);
            var key = new ServerKey(rsa);
            // mtcute looks a fingerprint up as unpadded hexadecimal: one with a leading zero digit (1 key in 16) is not found.
            if ((ulong)key.Fingerprint >> 60 != 0) return key;
        }
    }

    public static ServerKey FromPem(string pem)
    {
        using var rsa = RSA.Create();
        rsa.ImportFromPem(pem);
        return new ServerKey(rsa);
    }

    /// <summary>Undoes RSA_PAD.</summary>
    /// <returns>192 bytes: the data and its padding.</returns>
    /// <exception cref="CryptographicException">The client's data is not what RSA_PAD makes.</exception>
    public byte[] Decrypt(ReadOnlySpan<byte> encrypted)
    {
        var padded = BigNumber.Padded(ModularPower.Compute(BigNumber.From(encrypted), _private, _modulus), 256);
        var block = padded.AsSpan(32);
        var key = SHA256.HashData(block);
        for (var i = 0; i < key.Length; i++) key[i] ^= padded[i];
        AesIge.Decrypt(block, key, new byte[32]);
        var data = block[..192].ToArray();
        Array.Reverse(data);
        if (!SHA256.HashData([.. key, .. data]).AsSpan().SequenceEqual(block[192..])) throw new CryptographicException("RSA_PAD: the hash does not fit.");
        return data;
    }
}
