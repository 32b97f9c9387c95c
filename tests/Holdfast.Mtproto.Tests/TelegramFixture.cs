using Holdfast.Mtproto.Connections;
using Holdfast.Mtproto.DataCenters;
using Holdfast.Mtproto.Login;
using Holdfast.Mtproto.Sessions;
using Holdfast.Mtproto.TestServer;
using Holdfast.Mtproto.TestServer.World;
using Holdfast.Mtproto.Transport;

namespace Holdfast.Mtproto.Tests;

/// <summary>A server for one test, and clients for it.</summary>
internal sealed class TelegramFixture : IAsyncDisposable
{
    private readonly List<TelegramClient> _clients = [];

    public TelegramFixture(ServerOptions? options = null) => Server = new TelegramServer(options ?? new ServerOptions());

    public TelegramServer Server { get; }

    public List<ClientEvent> Events { get; } = [];

    /// <summary>Impatient, so that a test of a dead line takes no ten seconds.</summary>
    public static ConnectionOptions Impatient { get; } = new()
    {
        Tick = TimeSpan.FromMilliseconds(50),
        Silence = TimeSpan.FromMilliseconds(400),
        InquireAfter = TimeSpan.FromMilliseconds(800),
        MaxBackoff = TimeSpan.FromMilliseconds(200),
        OpenTimeout = TimeSpan.FromSeconds(5),
    };

    public TelegramOptions Options(TransportOptions? transport = null, TimeProvider? time = null, TelegramNetwork? network = null) => new()
    {
        Identity = new ClientIdentity(1),
        ApiHash = "0123456789abcdef0123456789abcdef",
        Network = network ?? Server.Network,
        Transport = transport ?? new TransportOptions(),
        Connections = Impatient,
        Time = time ?? TimeProvider.System,
        OnEvent = e =>
        {
            lock (Events) Events.Add(e);
        },
    };

    public async Task<TelegramClient> OpenAsync(TelegramOptions? options = null, ISessionStore? store = null)
    {
        var client = await TelegramClient.OpenAsync(options ?? Options(), store ?? new MemorySessionStore());
        _clients.Add(client);
        return client;
    }

    public async Task<TelegramClient> AliceAsync(TelegramOptions? options = null, ISessionStore? store = null)
    {
        var client = await OpenAsync(options, store);
        await LogInAsync(client, TelegramWorld.DefaultPhone, TelegramWorld.DefaultPassword);
        return client;
    }

    public async Task<TelegramClient> BobAsync(TelegramOptions? options = null)
    {
        var client = await OpenAsync(options);
        await LogInAsync(client, "15550002", null);
        return client;
    }

    public static async Task LogInAsync(TelegramClient client, string phone, string? password)
    {
        var sent = await client.Login.SendCodeAsync(phone);
        try
        {
            await client.Login.SignInAsync(sent, TelegramWorld.DefaultCode);
        }
        catch (PasswordNeededException) when (password is not null)
        {
            await client.Login.CheckPasswordAsync(password);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients) await client.DisposeAsync();
        await Server.DisposeAsync();
    }
}
