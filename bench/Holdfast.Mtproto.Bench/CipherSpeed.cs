using System.Diagnostics;
using Holdfast.Mtproto.Crypto;

namespace Holdfast.Mtproto.Bench;

/// <summary>AES-IGE on one core.</summary>
internal static class CipherSpeed
{
    public static string Measure()
    {
        var data = new byte[1 << 20];
        byte[] key = new byte[32], iv = new byte[32];
        var four = Enumerable.Range(0, 4).Select(_ => new byte[1 << 20].AsMemory()).ToArray();
        var two = four[..2];
        var (keys, ctr) = (new byte[4 * AesIgeSideBySide.KeyAndIv], new AesCtr(key, iv.AsSpan(16)));
        return $"AES-IGE four at a time: encrypt {4 * Rate(() => AesIgeSideBySide.Encrypt(four, keys)):0} MB/s, decrypt {4 * Rate(() => AesIgeSideBySide.Decrypt(four, keys)):0} MB/s; "
            + $"two: {2 * Rate(() => AesIgeSideBySide.Encrypt(two, keys)):0} and {2 * Rate(() => AesIgeSideBySide.Decrypt(two, keys)):0} MB/s; AES-CTR {Rate(() => ctr.Apply(data)):0} MB/s; "
            + $"SHA-256 {Rate(() => System.Security.Cryptography.SHA256.HashData(data)):0} MB/s; AES-IGE encrypt {Rate(() => AesIge.Encrypt(data, key, iv)):0} MB/s, decrypt {Rate(() => AesIge.Decrypt(data, key, iv)):0} MB/s, portable {Rate(() => AesIge.EncryptPortable(data, key, iv)):0} MB/s";

        double Rate(Action once)
        {
            for (var i = 0; i < 30; i++) once();
            var best = 0.0;
            for (var round = 0; round < 5; round++)
            {
                var watch = Stopwatch.StartNew();
                for (var i = 0; i < 50; i++) once();
                best = Math.Max(best, 50 * data.Length / 1e6 / watch.Elapsed.TotalSeconds);
            }
            return best;
        }
    }
}
