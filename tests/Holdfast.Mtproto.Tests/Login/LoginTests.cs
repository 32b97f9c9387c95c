using Holdfast.Mtproto.Calls;
using Holdfast.Mtproto.Login;
using Holdfast.Mtproto.Sessions;
using Holdfast.Mtproto.Tl;

namespace Holdfast.Mtproto.Tests;

public sealed class LoginTests
{
    [Fact]
    public async Task ACodeAndAPasswordLogIn()
    {
        await using var telegram = new TelegramFixture();
        var client = await telegram.OpenAsync();
        var sent = await client.Login.SendCodeAsync("+15550001");
        var needed = await Should.ThrowAsync<PasswordNeededException>(() => client.Login.SignInAsync(sent, "12345"));
        needed.Hint.ShouldBe("the usual");
        var user = await client.Login.CheckPasswordAsync("s3cret");
        user.FirstName.ShouldBe("Alice");
        client.UserId.ShouldBe(user.Id);
    }

    [Fact]
    public async Task AWrongCodeIsRefusedAndTheRightOneStillWorks()
    {
        await using var telegram = new TelegramFixture();
        var client = await telegram.OpenAsync();
        var sent = await client.Login.SendCodeAsync("15550002");
        (await Should.ThrowAsync<RpcException>(() => client.Login.SignInAsync(sent, "54321"))).Error.ShouldBe("PHONE_CODE_INVALID");
        (await client.Login.SignInAsync(sent, "12345")).FirstName.ShouldBe("Bob");
    }

    [Fact]
    public async Task AWrongPasswordIsRefused()
    {
        await using var telegram = new TelegramFixture();
        var client = await telegram.OpenAsync();
        var sent = await client.Login.SendCodeAsync("15550001");
        await Should.ThrowAsync<PasswordNeededException>(() => client.Login.SignInAsync(sent, "12345"));
        (await Should.ThrowAsync<RpcException>(() => client.Login.CheckPasswordAsync("secret"))).Error.ShouldBe("PASSWORD_HASH_INVALID");
        client.UserId.ShouldBeNull();
    }

    [Fact]
    public async Task ABotLogsInWithItsTokenAndMayNotReadHistories()
    {
        await using var telegram = new TelegramFixture();
        var client = await telegram.OpenAsync();
        (await client.Login.AsBotAsync("2002:AAA")).Bot.ShouldBeTrue();
        client.IsBot.ShouldBeTrue();
        var refused = await Should.ThrowAsync<RpcException>(() => client.CallAsync(new MessagesGetHistory { Peer = new InputPeerSelf(), Limit = 10 }));
        refused.Error.ShouldBe("BOT_METHOD_INVALID");
    }

    [Fact]
    public async Task AnAccountOfAnotherDataCentreIsFoundThere()
    {
        await using var telegram = new TelegramFixture();
        var client = await telegram.OpenAsync();
        await TelegramFixture.LogInAsync(client, "15550003", null);
        telegram.Events.OfType<ClientEvent.Migrated>().Single().DataCenter.Id.ShouldBe(1);
        var me = await client.CallAsync(new UsersGetUsers { Id = [new InputUserSelf()] });
        ((User)me.Single()).FirstName.ShouldBe("Carol");
    }

    [Fact]
    public async Task AQrCodeThatIsScannedLogsIn()
    {
        await using var telegram = new TelegramFixture();
        var phone = await telegram.BobAsync();
        var client = await telegram.OpenAsync();
        var (show, nobody) = await client.Login.ByQrAsync();
        nobody.ShouldBeNull();
        show!.Url.ShouldStartWith("tg://login?token=");
        var text = show.Url["tg://login?token=".Length..].Replace('-', '+').Replace('_', '/');
        await phone.CallAsync(new AuthAcceptLoginToken { Token = Convert.FromBase64String(text.PadRight((text.Length + 3) / 4 * 4, '=')) });
        var (_, user) = await client.Login.ByQrAsync();
        user!.FirstName.ShouldBe("Bob");
    }

    [Fact]
    public async Task ASavedSessionGoesOnWithoutALogin()
    {
        await using var telegram = new TelegramFixture();
        var store = new MemorySessionStore();
        await using (var first = await TelegramClient.OpenAsync(telegram.Options(), store)) await TelegramFixture.LogInAsync(first, "15550002", null);
        var handshakes = telegram.Server.Handshakes;
        var second = await telegram.OpenAsync(store: store);
        ((User)(await second.CallAsync(new UsersGetUsers { Id = [new InputUserSelf()] })).Single()).FirstName.ShouldBe("Bob");
        telegram.Server.Handshakes.ShouldBe(handshakes);
    }

    [Fact]
    public async Task LoggingOutForgetsTheAccount()
    {
        await using var telegram = new TelegramFixture();
        var client = await telegram.BobAsync();
        await client.Login.LogOutAsync();
        client.UserId.ShouldBeNull();
        await Should.ThrowAsync<SessionLostException>(() => client.CallAsync(new UpdatesGetState()));
    }

    [Theory]
    [InlineData("AUTH_KEY_DUPLICATED", "two places")]
    [InlineData("SESSION_REVOKED", "another device")]
    public async Task ALostSessionIsExplained(string error, string explanation)
    {
        await using var telegram = new TelegramFixture();
        var client = await telegram.BobAsync();
        foreach (var key in telegram.Server.Keys()) key.Refusal = error;
        var lost = await Should.ThrowAsync<SessionLostException>(() => client.CallAsync(new UpdatesGetState()));
        lost.Error.ShouldBe(error);
        lost.Message.ShouldContain(explanation);
        client.UserId.ShouldBeNull();
    }
}
