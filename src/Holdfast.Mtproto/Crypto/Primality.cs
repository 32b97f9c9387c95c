using System.Numerics;
using System.Security.Cryptography;

namespace Holdfast.Mtproto.Crypto;

/// <summary>Miller and Rabin's test with random bases.</summary>
internal static class Primality
{
    // Wrong with a chance below 4^-32 for a number chosen against us.
    private const int Rounds = 32;

    public static bool IsProbablyPrime(BigInteger n)
    {
        if (n < 4) return n == 2 || n == 3;
        if (n.IsEven) return false;
        var odd = n - 1;
        var twos = 0;
        for (; odd.IsEven; odd >>= 1) twos++;
        for (var i = 0; i < Rounds; i++)
            if (!Passes(n, odd, twos, RandomBase(n))) return false;
        return true;
    }

    private static bool Passes(BigInteger n, BigInteger odd, int twos, BigInteger @base)
    {
        var x = ModularPower.Compute(@base, odd, n);
        if (x.IsOne || x == n - 1) return true;
        for (var i = 1; i < twos; i++)
        {
            x = x * x % n;
            if (x == n - 1) return true;
        }
        return false;
    }

    private static BigInteger RandomBase(BigInteger n) =>
        2 + (BigNumber.From(RandomNumberGenerator.GetBytes(n.GetByteCount() + 8)) % (n - 3));
}
