using System.Numerics;
using System.Runtime.InteropServices;

namespace Holdfast.Mtproto.Crypto;

/// <summary>
/// base^exponent mod modulus. The host's libcrypto takes about 2 ms for 2,048 bits and works in constant time; the base library takes 35 ms.
/// The latter is used where there is no libcrypto.
/// </summary>
internal static unsafe partial class ModularPower
{
    private const int ConstantTime = 4; // BN_FLG_CONSTTIME
    private static readonly bool HasLibcrypto = Probe();

    public static BigInteger Compute(BigInteger @base, BigInteger exponent, BigInteger modulus) =>
        HasLibcrypto && !modulus.IsEven ? Native(@base, exponent, modulus) : BigInteger.ModPow(@base, exponent, modulus);

    private static bool Probe()
    {
        if (!NativeLibrary.TryLoad(Library, typeof(ModularPower).Assembly, null, out var handle)) return false;
        return NativeLibrary.TryGetExport(handle, "BN_mod_exp_mont_consttime", out _);
    }

    private static BigInteger Native(BigInteger @base, BigInteger exponent, BigInteger modulus)
    {
        nint context = BN_CTX_new(), result = BN_new(), b = 0, e = 0, m = 0;
        try
        {
            b = Import(@base % modulus);
            e = Import(exponent);
            m = Import(modulus);
            BN_set_flags(e, ConstantTime);
            if (BN_mod_exp_mont_consttime(result, b, e, m, context, 0) != 1) return BigInteger.ModPow(@base, exponent, modulus);
            return Export(result);
        }
        finally
        {
            BN_clear_free(result);
            BN_clear_free(b);
            BN_clear_free(e);
            BN_clear_free(m);
            BN_CTX_free(context);
        }
    }

    private static nint Import(BigInteger value)
    {
        var bytes = value.ToByteArray(isUnsigned: true, isBigEndian: true);
        fixed (byte* p = bytes) return BN_bin2bn(p, bytes.Length, 0);
    }

    private static BigInteger Export(nint number)
    {
        var bytes = new byte[(BN_num_bits(number) + 7) / 8];
        fixed (byte* p = bytes) BN_bn2bin(number, p);
        return BigNumber.From(bytes);
    }

    private const string Library = "libcrypto.so.3";

    [LibraryImport(Library)] private static partial nint BN_new();
    [LibraryImport(Library)] private static partial void BN_clear_free(nint a);
    [LibraryImport(Library)] private static partial nint BN_CTX_new();
    [LibraryImport(Library)] private static partial void BN_CTX_free(nint c);
    [LibraryImport(Library)] private static partial nint BN_bin2bn(byte* s, int length, nint result);
    [LibraryImport(Library)] private static partial int BN_bn2bin(nint a, byte* to);
    [LibraryImport(Library)] private static partial int BN_num_bits(nint a);
    [LibraryImport(Library)] private static partial void BN_set_flags(nint a, int flags);
    [LibraryImport(Library)] private static partial int BN_mod_exp_mont_consttime(nint result, nint a, nint p, nint m, nint context, nint montgomery);
}
