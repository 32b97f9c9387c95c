using Holdfast.Mtproto.DataCenters;
using Holdfast.Mtproto.Sessions;
using Holdfast.Mtproto.Tl;

namespace Holdfast.Mtproto.Tests;

public sealed class AddressTests
{
    [Fact]
    public async Task ADataCentreThatMovedIsFoundWhereTelegramSaidItListens()
    {
        await using var telegram = new TelegramFixture();
        var store = new MemorySessionStore();
        await using (var first = await TelegramClient.OpenAsync(telegram.Options(), store)) await TelegramFixture.LogInAsync(first, "15550002", null);
        var home = telegram.Server.DataCenters[0];
        var outdated = telegram.Server.Network with { DataCenters = [home with { Port = 1 }] };
        var second = await telegram.OpenAsync(telegram.Options(network: outdated), store);
        (await second.CallAsync(new UpdatesGetState()).WaitAsync(TimeSpan.FromSeconds(20))).Pts.ShouldBeGreaterThan(0);
        second.AddressesOf(home.Id).ShouldBe([home with { Port = 1 }, home]);
    }

    [Fact]
    public async Task AnAddressThatTelegramAnnouncesIsKept()
    {
        await using var telegram = new TelegramFixture();
        var client = await telegram.BobAsync();
        var home = telegram.Server.DataCenters[0];
        DcOption[] options =
        [
            new DcOption { Id = 2, IpAddress = "192.0.2.7", Port = 443 },
            new DcOption { Id = 2, IpAddress = "2001:db8::7", Port = 443, Ipv6 = true },
            new DcOption { Id = 2, IpAddress = "192.0.2.8", Port = 443, MediaOnly = true },
            new DcOption { Id = 203, IpAddress = "192.0.2.9", Port = 443, Cdn = true },
            new DcOption { Id = 2, IpAddress = "192.0.2.10", Port = 443, TcpoOnly = true, Secret = new byte[16] },
        ];
        telegram.Server.Push(telegram.Server.Keys().Single(), new UpdateShort { Update = new UpdateDcOptions { DcOptions = options } });
        await Eventually.TrueAsync(() => client.AddressesOf(2).Count == 2);
        client.AddressesOf(2).ShouldBe([home, new DataCenter(2, "192.0.2.7", 443)]);
        Should.Throw<ArgumentException>(() => client.AddressesOf(203)).Message.ShouldContain("Data centre 203");
    }
}
