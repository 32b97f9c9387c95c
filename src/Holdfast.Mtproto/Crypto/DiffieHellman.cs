using System.Collections.Concurrent;
using System.Numerics;
using System.Security.Cryptography;

namespace Holdfast.Mtproto.Crypto;

/// <summary>The checks of https://core.telegram.org/mtproto/security_guidelines on what a server proposes.</summary>
internal static class DiffieHellman
{
    public const int KeySize = 256;
    private const int Bits = 2048;
    private static readonly BigInteger Margin = BigInteger.One << (Bits - 64);
    private static readonly ConcurrentDictionary<BigInteger, bool> Checked = new() { [BigNumber.From(KnownPrime)] = true };

    /// <summary>The safe prime Telegram has used for years: recognised at sight instead of tested.</summary>
    internal static ReadOnlySpan<byte> KnownPrime => KnownPrimeBytes;

    private static readonly byte[] KnownPrimeBytes = Convert.FromHexString(
        "C71CAEB9C6B1C9048E6C522F70F13F73980D40238E3E21C14934D037563D930F48198A0AA7C14058229493D22530F4DBFA336F6E0AC925139543AED44CCE7C37" +
        "20FD51F69458705AC68CD4FE6B6B13ABDC9746512969328454F18FAF8C595F642477FE96BB2A941D5BCD1D4AC8CC49880708FA9B378E3C4F3A9060BEE67CF9A4" +
        "A4A695811051907E162753B56B0F6B410DBA74D8A84B2A14B3144E0EF1284754FD17ED950D5965B4B9DD46582DB1178D169C6BC465B0D6FF9CA3928FEF5B9AE4" +
        "E418FC15E83EBEA0F87FA9FF5EED70050DED2849F47BF959D956850CE929851F0D8115F635B105EE2E4E15D04B2454BF6F4FADF034B10403119CD8E3B92FCC5B");

    /// <exception cref="CryptographicException">The prime is not a safe one of 2,048 bits, or g does not generate the right subgroup.</exception>
    public static void CheckGroup(BigInteger prime, int g)
    {
        if (prime.GetBitLength() != Bits) throw new CryptographicException("The server's prime does not have 2,048 bits.");
        if (!Generates(prime, g)) throw new CryptographicException($"The server's generator {g} does not fit its prime.");
        if (!Checked.GetOrAdd(prime, static p => Primality.IsProbablyPrime(p) && Primality.IsProbablyPrime((p - 1) / 2)))
            throw new CryptographicException("The server's prime is not a safe prime.");
    }

    /// <summary>g^a and g^b must stay away from both ends of the group.</summary>
    /// <exception cref="CryptographicException">The value is out of range.</exception>
    public static void CheckValue(BigInteger value, BigInteger prime)
    {
        if (value < Margin || value > prime - Margin) throw new CryptographicException("A Diffie-Hellman value is out of the range that is safe.");
    }

    /// <summary>A secret exponent whose public value passes <see cref="CheckValue"/>.</summary>
    public static (BigInteger Secret, BigInteger Public) NewPair(BigInteger prime, int g, Func<int, byte[]> random)
    {
        while (true)
        {
            var secret = BigNumber.From(random(KeySize));
            var value = ModularPower.Compute(g, secret, prime);
            if (value >= Margin && value <= prime - Margin) return (secret, value);
        }
    }

    private static bool Generates(BigInteger p, int g) => g switch
    {
        2 => p % 8 == 7,
        3 => p % 3 == 2,
        4 => true,
        5 => (int)(p % 5) is 1 or 4,
        6 => (int)(p % 24) is 19 or 23,
        7 => (int)(p % 7) is 3 or 5 or 6,
        _ => false,
    };
}
