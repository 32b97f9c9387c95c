using System.Net;
using System.Net.Sockets;
using Holdfast.Mtproto.Crypto;
using Holdfast.Mtproto.TestServer;
using Holdfast.Mtproto.Tl;
using Holdfast.Mtproto.Transport;

namespace Holdfast.Mtproto.Tests;

public sealed class ProxyTests
{
    [Theory]
    [InlineData("0123456789abcdef0123456789abcdef")]
    [InlineData("dd0123456789abcdef0123456789abcdef")]
    public async Task AnMtprotoProxyIsSpokenToWithItsSecret(string secret)
    {
        await using var telegram = new TelegramFixture(new ServerOptions { ProxySecret = Convert.FromHexString(secret[^32..]) });
        var proxy = new MtprotoProxy("127.0.0.1", telegram.Server.DataCenters[0].Port, secret);
        // The data centre's own address leads nowhere: only the proxy does.
        var network = telegram.Server.Network with { DataCenters = [telegram.Server.DataCenters[0] with { Port = 1 }] };
        var client = await telegram.BobAsync(telegram.Options(new TransportOptions(Proxy: proxy), network: network));
        client.UserId.ShouldBe(1002);
    }

    [Fact]
    public async Task ASecretThatImitatesTlsIsRefusedWithAWordBeforeAnythingIsConnected()
    {
        await using var telegram = new TelegramFixture();
        var error = await Should.ThrowAsync<NotSupportedException>(() => OpenAsync("ee0123456789abcdef0123456789abcdef" + "6578616d706c652e6f7267"));
        error.Message.ShouldContain("'dd'");
        foreach (var malformed in new[] { "", "0123", "7gEjRWeJq83vASNFZ4mrze9leGFtcGxlLm9yZw" })
            (await Should.ThrowAsync<FormatException>(() => OpenAsync(malformed))).Message.ShouldContain("32 hexadecimal digits");

        Task<TelegramClient> OpenAsync(string secret) => telegram.OpenAsync(telegram.Options(new TransportOptions(Proxy: new MtprotoProxy("127.0.0.1", 1, secret))));
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("user", "pass")]
    public async Task ASocksProxyIsAskedForTheDataCentre(string? user, string? password)
    {
        await using var telegram = new TelegramFixture();
        await using var socks = new SocksServer(user, password);
        var client = await telegram.BobAsync(telegram.Options(new TransportOptions(Proxy: new Socks5Proxy("127.0.0.1", socks.Port, user, password))));
        (await client.CallAsync(new UpdatesGetState())).Pts.ShouldBeGreaterThan(0);
        socks.Asked.ShouldContain($"127.0.0.1:{telegram.Server.DataCenters[0].Port}");
    }

    [Fact]
    public void TheKeyStreamIsThatOfTheKnownExample()
    {
        // NIST SP 800-38A, F.5.5: CTR-AES256.
        var key = Convert.FromHexString("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4");
        using var ctr = new AesCtr(key, Convert.FromHexString("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff"));
        var data = Convert.FromHexString("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51");
        ctr.Apply(data.AsSpan(0, 5));
        ctr.Apply(data.AsSpan(5));
        Convert.ToHexStringLower(data).ShouldBe("601ec313775789a5b7a7f504bbf3d228f443e3ca4d62b59aca84e990cacaf5c5");
    }

    /// <summary>As much of RFC 1928 as a client needs.</summary>
    private sealed class SocksServer : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly CancellationTokenSource _stop = new();
        private readonly string? _user;
        private readonly string? _password;
        private readonly Task _loop;

        public SocksServer(string? user, string? password)
        {
            (_user, _password) = (user, password);
            _listener.Start();
            _loop = Task.Run(AcceptAsync);
        }

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public System.Collections.Concurrent.ConcurrentBag<string> Asked { get; } = [];

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            _listener.Stop();
            await _loop;
        }

        private async Task AcceptAsync()
        {
            try
            {
                while (true) _ = ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or InvalidOperationException)
            {
            }
        }

        private async Task ServeAsync(TcpClient client)
        {
            using var near = client;
            var stream = near.GetStream();
            try
            {
                var greeting = await ReadAsync(stream, 2);
                var methods = await ReadAsync(stream, greeting[1]);
                methods.ShouldContain((byte)(_user is null ? 0 : 2));
                await stream.WriteAsync(new byte[] { 5, (byte)(_user is null ? 0 : 2) });
                if (_user is not null)
                {
                    var name = await ReadAsync(stream, (await ReadAsync(stream, 2))[1]);
                    var word = await ReadAsync(stream, (await ReadAsync(stream, 1))[0]);
                    var isRight = System.Text.Encoding.UTF8.GetString(name) == _user && System.Text.Encoding.UTF8.GetString(word) == _password;
                    await stream.WriteAsync(new byte[] { 1, (byte)(isRight ? 0 : 1) });
                }
                var request = await ReadAsync(stream, 5);
                var host = System.Text.Encoding.ASCII.GetString(await ReadAsync(stream, request[4]));
                var portBytes = await ReadAsync(stream, 2);
                var port = portBytes[0] << 8 | portBytes[1];
                Asked.Add($"{host}:{port}");
                using var far = new TcpClient();
                await far.ConnectAsync(host, port);
                await stream.WriteAsync(new byte[] { 5, 0, 0, 1, 127, 0, 0, 1, 0, 0 });
                await Task.WhenAny(stream.CopyToAsync(far.GetStream(), _stop.Token), far.GetStream().CopyToAsync(stream, _stop.Token));
            }
            catch (Exception e) when (e is IOException or OperationCanceledException)
            {
            }
        }

        private static async Task<byte[]> ReadAsync(NetworkStream stream, int count)
        {
            var bytes = new byte[count];
            await stream.ReadExactlyAsync(bytes);
            return bytes;
        }
    }
}
