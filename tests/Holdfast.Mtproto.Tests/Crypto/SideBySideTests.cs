using System.Security.Cryptography;
using Holdfast.Mtproto.Crypto;

namespace Holdfast.Mtproto.Tests;

/// <summary>What is done for several blocks or messages at a time, against the way that does one after the other.</summary>
public sealed class SideBySideTests
{
    [Theory]
    [InlineData(new[] { 16 })]
    [InlineData(new[] { 64, 64 })]
    [InlineData(new[] { 160, 32 })]
    [InlineData(new[] { 16, 48, 1024 })]
    [InlineData(new[] { 512, 512, 512, 512 })]
    [InlineData(new[] { 32, 1600, 16, 800 })]
    [InlineData(new[] { 0, 64, 16, 64 })]
    public void MessagesOfDifferentKeysAndLengthsAreEachEncryptedAsAlone(int[] lengths)
    {
        var keys = RandomNumberGenerator.GetBytes(lengths.Length * AesIgeSideBySide.KeyAndIv);
        var plain = lengths.Select(RandomNumberGenerator.GetBytes).ToArray();
        var expected = plain.Select((p, i) =>
        {
            var data = (byte[])p.Clone();
            var key = keys.AsSpan(i * AesIgeSideBySide.KeyAndIv, AesIgeSideBySide.KeyAndIv);
            AesIge.EncryptPortable(data, key[..32], key[32..]);
            return data;
        }).ToArray();
        var messages = plain.Select(p => p.ToArray().AsMemory()).ToArray();
        AesIgeSideBySide.Encrypt(messages, keys);
        for (var i = 0; i < lengths.Length; i++) messages[i].ToArray().ShouldBe(expected[i]);
        AesIgeSideBySide.Decrypt(messages, keys);
        for (var i = 0; i < lengths.Length; i++) messages[i].ToArray().ShouldBe(plain[i]);
    }

    [Fact]
    public void ALengthOfHalfABlockIsRefused() =>
        Should.Throw<CryptographicException>(() => AesIgeSideBySide.Encrypt([new byte[16], new byte[24]], new byte[2 * AesIgeSideBySide.KeyAndIv]));

    [Theory]
    [InlineData("00000000000000000000000000000000")]
    [InlineData("0123456789abcdeffffffffffffffff0")]
    [InlineData("fffffffffffffffffffffffffffffff7")]
    public void TheKeyStreamIsThePortableOneAlsoWhereTheCounterOverflows(string counter)
    {
        var key = RandomNumberGenerator.GetBytes(32);
        using var fast = new AesCtr(key, Convert.FromHexString(counter));
        using var portable = new AesCtr(key, Convert.FromHexString(counter), isPortable: true);
        var (a, b) = (new byte[10_000], new byte[10_000]);
        fast.Apply(a);
        portable.Apply(b);
        a.ShouldBe(b);
        using var aes = Aes.Create();
        aes.SetKey(key);
        var second = new byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(second, System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(Convert.FromHexString(counter)) + 500);
        a.AsSpan(500 * 16, 16).ToArray().ShouldBe(aes.EncryptEcb(second, PaddingMode.None));
    }
}
