using System.Numerics;
using System.Security.Cryptography;

namespace Holdfast.Mtproto.Crypto;

/// <summary>
/// The password proof of two-step verification (https://core.telegram.org/api/srp): the server learns that the client knows the password, and nothing else.
/// All numbers are hashed left-padded to 256 bytes.
/// </summary>
internal static class Srp
{
    private const int Size = DiffieHellman.KeySize;
    private const int Iterations = 100_000;

    /// <summary>What a server sent, and the group to compute in.</summary>
    public sealed record Challenge(byte[] Salt1, byte[] Salt2, int G, byte[] Prime, byte[] ServerPublic);

    public sealed record Proof(byte[] A, byte[] M1);

    /// <exception cref="CryptographicException">The server proposes a group or a value that is not safe.</exception>
    public static Proof Prove(string password, Challenge challenge, Func<int, byte[]> random)
    {
        var p = BigNumber.From(challenge.Prime);
        DiffieHellman.CheckGroup(p, challenge.G);
        var serverPublic = BigNumber.From(challenge.ServerPublic);
        DiffieHellman.CheckValue(serverPublic, p);
        var g = BigNumber.Padded(challenge.G, Size);
        var (a, value) = DiffieHellman.NewPair(p, challenge.G, random);
        var x = BigNumber.From(PasswordHash(password, challenge.Salt1, challenge.Salt2));
        var u = Number(BigNumber.Padded(value, Size), BigNumber.Padded(serverPublic, Size));
        if (u.IsZero) throw new CryptographicException("The server's value makes the password proof void.");
        var kv = Multiplier(p, g) * ModularPower.Compute(challenge.G, x, p) % p;
        var t = (((serverPublic - kv) % p) + p) % p;
        var secret = ModularPower.Compute(t, a + (u * x), p);
        return new Proof(BigNumber.Padded(value, Size), Evidence(challenge, g, value, serverPublic, secret));
    }

    /// <summary>k = H(p | g).</summary>
    internal static BigInteger Multiplier(BigInteger p, byte[] paddedG) => Number(BigNumber.Padded(p, Size), paddedG);

    internal static BigInteger Number(byte[] first, byte[] second) => BigNumber.From(SHA256.HashData([.. first, .. second]));

    internal static byte[] Evidence(Challenge challenge, byte[] paddedG, BigInteger clientPublic, BigInteger serverPublic, BigInteger secret)
    {
        var key = SHA256.HashData(BigNumber.Padded(secret, Size));
        var group = SHA256.HashData(challenge.Prime);
        var generator = SHA256.HashData(paddedG);
        for (var i = 0; i < group.Length; i++) group[i] ^= generator[i];
        return SHA256.HashData([
            .. group, .. SHA256.HashData(challenge.Salt1), .. SHA256.HashData(challenge.Salt2),
            .. BigNumber.Padded(clientPublic, Size), .. BigNumber.Padded(serverPublic, Size), .. key]);
    }

    /// <summary>PH2 of the document.</summary>
    internal static byte[] PasswordHash(string password, byte[] salt1, byte[] salt2)
    {
        var first = Salted(Salted(System.Text.Encoding.UTF8.GetBytes(password), salt1), salt2);
        var slow = Rfc2898DeriveBytes.Pbkdf2(first, salt1, Iterations, HashAlgorithmName.SHA512, 64);
        return Salted(slow, salt2);
    }

    private static byte[] Salted(byte[] data, byte[] salt) => SHA256.HashData([.. salt, .. data, .. salt]);
}
