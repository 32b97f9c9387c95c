using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;
using Holdfast.Mtproto.Tl;

namespace Holdfast.Mtproto.Crypto;

/// <summary>A server's RSA key of 2,048 bits: who holds its private half is Telegram.</summary>
public sealed class TelegramPublicKey
{
    private readonly BigInteger _modulus;
    private readonly BigInteger _exponent;

    private TelegramPublicKey(byte[] modulus, byte[] exponent)
    {
        _modulus = BigNumber.From(modulus);
        _exponent = BigNumber.From(exponent);
        Fingerprint = FingerprintOf(modulus, exponent);
    }

    /// <summary>The lower 64 bits of the key's SHA-1: how a server names it.</summary>
    public long Fingerprint { get; }

    /// <summary>Reads a key.</summary>
    /// <param name="pem">PKCS#1 (<c>BEGIN RSA PUBLIC KEY</c>) or <c>BEGIN PUBLIC KEY</c>.</param>
    /// <exception cref="ArgumentException">Not a PEM of an RSA key.</exception>
    public static TelegramPublicKey FromPem(string pem)
    {
        using var rsa = RSA.Create();
        rsa.ImportFromPem(pem);
        var parameters = rsa.ExportParameters(includePrivateParameters: false);
        return new TelegramPublicKey(parameters.Modulus!, parameters.Exponent!);
    }

    internal static long FingerprintOf(byte[] modulus, byte[] exponent)
    {
        using var w = new TlWriter(512);
        w.Bytes(modulus);
        w.Bytes(exponent);
        return BinaryPrimitives.ReadInt64LittleEndian(SHA1.HashData(w.Written).AsSpan(12));
    }

    /// <summary>RSA_PAD of https://core.telegram.org/mtproto/auth_key#presenting-proof-of-work-server-authentication.</summary>
    /// <param name="data">At most 144 bytes.</param>
    /// <param name="random">Random bytes; a test gives its own.</param>
    /// <returns>256 bytes.</returns>
    internal byte[] Encrypt(ReadOnlySpan<byte> data, Func<int, byte[]> random)
    {
        if (data.Length > 144) throw new ArgumentException("RSA_PAD takes at most 144 bytes.", nameof(data));
        var padded = new byte[192];
        data.CopyTo(padded);
        random(padded.Length - data.Length).CopyTo(padded, data.Length);
        while (true)
        {
            var number = BigNumber.From(Pad(padded, random(32)));
            // The padded value is as long as the modulus and now and then greater: another key gives another value.
            if (number < _modulus) return BigNumber.Padded(BigInteger.ModPow(number, _exponent, _modulus), 256);
        }
    }

    private static byte[] Pad(byte[] data, byte[] temporaryKey)
    {
        var block = new byte[224];
        data.CopyTo(block, 0);
        Array.Reverse(block, 0, 192);
        SHA256.HashData([.. temporaryKey, .. data], block.AsSpan(192));
        AesIge.Encrypt(block, temporaryKey, new byte[32]);
        var mask = SHA256.HashData(block);
        for (var i = 0; i < mask.Length; i++) mask[i] ^= temporaryKey[i];
        return [.. mask, .. block];
    }
}
