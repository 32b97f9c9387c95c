using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Holdfast.Mtproto.Connections;
using Holdfast.Mtproto.Crypto;
using Holdfast.Mtproto.KeyExchange;

namespace Holdfast.Mtproto.Tests;

/// <summary>Answers that another implementation computed: npm's @mtcute/core, by mtcute/vectors.mjs.</summary>
public sealed class KnownAnswerTests
{
    private static readonly JsonElement Vectors = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Vectors", "mtcute.json"))).RootElement;

    private static byte[] Hex(JsonElement e, string name) => Convert.FromHexString(e.GetProperty(name).GetString()!);

    /// <summary>The same "random" bytes that the script gave to mtcute.</summary>
    private static Func<int, byte[]> RandomFrom(int counter) => count =>
    {
        var bytes = new List<byte>();
        while (bytes.Count < count) bytes.AddRange(SHA256.HashData(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"random {counter++}"))));
        return [.. bytes.Take(count)];
    };

    [Fact]
    public void IgeGivesTheKnownCiphertextFastAndPortable()
    {
        foreach (var v in Vectors.GetProperty("ige").EnumerateArray())
        {
            var (key, iv, plain, cipher) = (Hex(v, "key"), Hex(v, "iv"), Hex(v, "plain"), Hex(v, "cipher"));
            foreach (var encrypt in new Action<byte[]>[] { d => AesIge.Encrypt(d, key, iv), d => AesIge.EncryptPortable(d, key, iv) })
            {
                var data = (byte[])plain.Clone();
                encrypt(data);
                data.ShouldBe(cipher);
            }
            foreach (var decrypt in new Action<byte[]>[] { d => AesIge.Decrypt(d, key, iv), d => AesIge.DecryptPortable(d, key, iv) })
            {
                var data = (byte[])cipher.Clone();
                decrypt(data);
                data.ShouldBe(plain);
            }
        }
    }

    [Fact]
    public void APacketOfTheOtherClientIsOpenedWithItsMessageKey()
    {
        var v = Vectors.GetProperty("packet");
        var packet = Hex(v, "packet");
        var body = PacketCipher.Open(packet.AsMemory(), new AuthKey(Hex(v, "authKey")), Direction.ToServer, out var head);
        body.ToArray().ShouldBe(Hex(v, "body"));
        head.ShouldBe(new MessageHead(0x1122334455667788, 0x0123456789abcdef, 0x5f5e0ff400000004, 7));
    }

    [Fact]
    public void APacketWithOneWrongBitIsRefused()
    {
        var v = Vectors.GetProperty("packet");
        var key = new AuthKey(Hex(v, "authKey"));
        for (var i = 8; i < Hex(v, "packet").Length; i += 5)
        {
            var packet = Hex(v, "packet");
            packet[i] ^= 4;
            Should.Throw<CryptographicException>(() => { PacketCipher.Open(packet.AsMemory(), key, Direction.ToServer, out _); });
        }
    }

    [Fact]
    public void TheTemporaryKeyOfTheExchangeIsTheKnownOne()
    {
        var v = Vectors.GetProperty("temporary");
        var aes = HandshakeAes.Derive(Hex(v, "serverNonce"), Hex(v, "newNonce"));
        aes.Key.ShouldBe(Hex(v, "key"));
        aes.Iv.ShouldBe(Hex(v, "iv"));
    }

    [Fact]
    public void ThePasswordProofIsTheKnownOne()
    {
        var v = Vectors.GetProperty("srp");
        Srp.PasswordHash("s3cret", Hex(v, "salt1"), Hex(v, "salt2")).ShouldBe(Hex(v, "hash"));
        var challenge = new Srp.Challenge(Hex(v, "salt1"), Hex(v, "salt2"), 3, DiffieHellman.KnownPrime.ToArray(), Hex(v, "b"));
        var proof = Srp.Prove("s3cret", challenge, RandomFrom(v.GetProperty("counter").GetInt32()));
        proof.A.ShouldBe(Hex(v, "a"));
        proof.M1.ShouldBe(Hex(v, "m1"));
    }

    [Fact]
    public void RsaPadGivesTheKnownNumber()
    {
        var v = Vectors.GetProperty("rsa");
        var key = TelegramPublicKey.FromPem(v.GetProperty("pem").GetString()!);
        key.Fingerprint.ShouldBe(unchecked((long)ulong.Parse(v.GetProperty("fingerprint").GetString()!, NumberStyles.HexNumber, CultureInfo.InvariantCulture)));
        key.Encrypt(Hex(v, "data"), RandomFrom(v.GetProperty("counter").GetInt32())).ShouldBe(Hex(v, "padded"));
    }

    [Fact]
    public void FactorsAreFound()
    {
        // The first one is the example of https://core.telegram.org/mtproto/samples-auth_key.
        Factorization.Split(0x17ED48941A08F981).ShouldBe((0x494C553BUL, 0x53911073UL));
        foreach (var v in Vectors.GetProperty("pq").EnumerateArray())
        {
            var (p, q) = Factorization.Split(BigNumber.ToUInt64(Hex(v, "pq")));
            p.ShouldBe(BigNumber.ToUInt64(Hex(v, "p")));
            q.ShouldBe(BigNumber.ToUInt64(Hex(v, "q")));
        }
    }

    [Fact]
    public void ANumberThatIsPrimeEndsTheSearch() => Should.Throw<ArithmeticException>(() => Factorization.Split(4294967291));

    [Fact]
    public void PowersAreThoseOfTheBaseLibrary()
    {
        var p = BigNumber.From(DiffieHellman.KnownPrime);
        var seed = Environment.TickCount;
        var random = new Random(seed);
        for (var i = 0; i < 4; i++)
        {
            var bytes = new byte[512];
            random.NextBytes(bytes);
            var (b, e) = (BigNumber.From(bytes.AsSpan(0, 256)), BigNumber.From(bytes.AsSpan(256)));
            ModularPower.Compute(b, e, p).ShouldBe(System.Numerics.BigInteger.ModPow(b, e, p), $"seed {seed}");
        }
    }

    [Fact]
    public void TheFastCipherAgreesWithThePortableOneOnRandomData()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        for (var i = 0; i < 50; i++)
        {
            byte[] key = new byte[32], iv = new byte[32], data = new byte[16 * random.Next(1, 200)];
            random.NextBytes(key);
            random.NextBytes(iv);
            random.NextBytes(data);
            byte[] fast = (byte[])data.Clone(), slow = (byte[])data.Clone();
            AesIge.Encrypt(fast, key, iv);
            AesIge.EncryptPortable(slow, key, iv);
            fast.ShouldBe(slow, $"seed {seed}");
            AesIge.Decrypt(fast, key, iv);
            fast.ShouldBe(data, $"seed {seed}");
        }
    }
}
