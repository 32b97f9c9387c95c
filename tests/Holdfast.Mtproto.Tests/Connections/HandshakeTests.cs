using System.Numerics;
using System.Security.Cryptography;
using Holdfast.Mtproto.Crypto;
using Holdfast.Mtproto.DataCenters;
using Holdfast.Mtproto.KeyExchange;
using Holdfast.Mtproto.TestServer.Wire;
using Holdfast.Mtproto.Transport;

namespace Holdfast.Mtproto.Tests;

public sealed class HandshakeTests
{
    private static async Task<ExchangedKey> ExchangeAsync(TelegramFixture telegram, TelegramPublicKey? key = null, TransportOptions? transport = null)
    {
        using var stream = await Connector.OpenAsync(telegram.Server.DataCenters[0], transport ?? new TransportOptions(), CancellationToken.None);
        var keys = key is null ? telegram.Server.Network.Keys : [key];
        return await new KeyExchanger(keys, 2, TimeProvider.System).RunAsync(stream, CancellationToken.None);
    }

    [Fact]
    public async Task EveryHandshakeEndsWithTheSameKeyOnBothSides()
    {
        await using var telegram = new TelegramFixture();
        for (var i = 0; i < Soak.Count(200, 10_000); i++)
        {
            var exchanged = await ExchangeAsync(telegram);
            telegram.Server.FindKey(2, exchanged.Key.Id)!.Key.Bytes.ShouldBe(exchanged.Key.Bytes);
        }
    }

    [Fact]
    public async Task AKeyThatBeginsWithZeroBytesIsAKeyLikeAnyOther()
    {
        await using var telegram = new TelegramFixture();
        // The server asks for another key until it begins with a zero byte, which one in 256 does: the retries of one exchange reach some of them.
        var met = 0;
        for (var i = 0; i < Soak.Count(40, 400); i++)
        {
            telegram.Server.Faults.Handshake.WantsRetry = (key, retries) => key.Bytes[0] != 0 && retries < 4;
            var exchanged = await ExchangeAsync(telegram);
            if (exchanged.Key.Bytes[0] == 0) met++;
            telegram.Server.FindKey(2, exchanged.Key.Id)!.Key.Bytes.ShouldBe(exchanged.Key.Bytes);
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{met} keys began with a zero byte");
    }

    /// <summary>Crafted rather than waited for: g^ab computed from secrets whose result is known to be short.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(255)]
    public void AShortSharedValueIsPaddedOnTheLeft(int zeros)
    {
        var value = (BigInteger.One << ((256 - zeros) * 8)) - 1;
        var padded = BigNumber.Padded(value, AuthKey.Size);
        padded.Length.ShouldBe(256);
        padded.AsSpan(0, zeros).ToArray().ShouldAllBe(b => b == 0);
        BigNumber.From(padded).ShouldBe(value);
        new AuthKey(padded).Id.ShouldBe(BitConverter.ToInt64(SHA1.HashData(padded).AsSpan(12)));
    }

    [Fact]
    public async Task AServerThatAsksForAnotherKeyGetsOne()
    {
        await using var telegram = new TelegramFixture();
        var asked = 0;
        telegram.Server.Faults.Handshake.WantsRetry = (_, retries) =>
        {
            asked++;
            return retries < 2;
        };
        var exchanged = await ExchangeAsync(telegram);
        asked.ShouldBe(3);
        telegram.Server.FindKey(2, exchanged.Key.Id).ShouldNotBeNull();
    }

    [Fact]
    public async Task AServerWithAnotherKeyIsNotTrusted()
    {
        await using var telegram = new TelegramFixture();
        var stranger = TelegramPublicKey.FromPem(ServerKey.Create().PublicPem);
        await Should.ThrowAsync<CryptographicException>(() => ExchangeAsync(telegram, stranger));
    }

    [Fact]
    public async Task AnAnswerToAnotherNonceIsRefused()
    {
        await using var telegram = new TelegramFixture();
        telegram.Server.Faults.Handshake.WrongNonce = true;
        await Should.ThrowAsync<CryptographicException>(() => ExchangeAsync(telegram));
    }

    [Fact]
    public async Task AServerThatDoesNotProveItsKeyIsRefused()
    {
        await using var telegram = new TelegramFixture();
        telegram.Server.Faults.Handshake.WrongHash = true;
        await Should.ThrowAsync<CryptographicException>(() => ExchangeAsync(telegram));
    }

    [Fact]
    public async Task APrimeThatIsNoneIsRefused()
    {
        await using var telegram = new TelegramFixture();
        // Divisible by three remainder two, of the right length, and surely composite: the known prime plus six.
        telegram.Server.Faults.Handshake.Prime = BigNumber.From(DiffieHellman.KnownPrime) + 6;
        (await Should.ThrowAsync<CryptographicException>(() => ExchangeAsync(telegram))).Message.ShouldContain("safe prime");
    }

    [Fact]
    public async Task AValueAtTheEndOfTheGroupIsRefused()
    {
        await using var telegram = new TelegramFixture();
        foreach (var value in new[] { BigInteger.One, BigNumber.From(DiffieHellman.KnownPrime) - 1, BigInteger.One << 1983 })
        {
            telegram.Server.Faults.Handshake.ServerPublic = value;
            (await Should.ThrowAsync<CryptographicException>(() => ExchangeAsync(telegram))).Message.ShouldContain("out of the range");
        }
    }

    [Theory]
    [InlineData(TransportKind.Intermediate, false)]
    [InlineData(TransportKind.Intermediate, true)]
    [InlineData(TransportKind.PaddedIntermediate, false)]
    [InlineData(TransportKind.PaddedIntermediate, true)]
    [InlineData(TransportKind.Abridged, false)]
    [InlineData(TransportKind.Abridged, true)]
    public async Task EveryTransportCarriesAFile(TransportKind kind, bool isObfuscated)
    {
        await using var telegram = new TelegramFixture();
        var client = await telegram.BobAsync(telegram.Options(new TransportOptions(kind, isObfuscated)));
        var bytes = Chats.Bytes(11, 2_000_003);
        (await Chats.ReadAsync(client, await Chats.SendAsync(client, bytes))).ShouldBe(bytes);
    }

    [Fact]
    public void TheProductionKeyHasTheFingerprintThatTelegramShows() =>
        // https://my.telegram.org, API development tools; the same in npm's @mtcute/core.
        TelegramNetwork.Production.Keys.Single().Fingerprint.ShouldBe(unchecked((long)0xd09d1d85de64fd85));
}
