using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Holdfast.Mtproto.Connections;
using Holdfast.Mtproto.Crypto;
using Holdfast.Mtproto.DataCenters;
using Holdfast.Mtproto.TestServer.Api;
using Holdfast.Mtproto.TestServer.Faults;
using Holdfast.Mtproto.TestServer.Wire;
using Holdfast.Mtproto.TestServer.World;
using Holdfast.Mtproto.Tl;

namespace Holdfast.Mtproto.TestServer;

/// <summary>How to start a server.</summary>
internal sealed record ServerOptions
{
    /// <summary>Data centre 2 listens here and data centre 1 on the next port; 0 takes free ones.</summary>
    public int Port { get; init; }

    /// <summary>State is kept here; nothing is kept without it.</summary>
    public string? Directory { get; init; }

    public int SeedChats { get; init; }

    public int Seed { get; init; } = 1;

    /// <summary>Makes it stand behind an MTProto proxy with this secret.</summary>
    public byte[]? ProxySecret { get; init; }

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    public Action<string> Log { get; init; } = static _ => { };
}

/// <summary>A Telegram of its own on loopback, with two data centres.</summary>
internal sealed class TelegramServer : IAsyncDisposable
{
    private readonly ServerClock _ids;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<(int DataCenter, long Id), KeyState> _keys = new();
    private readonly ConcurrentDictionary<ServerConnection, byte> _connections = new();
    private readonly ConcurrentDictionary<(long User, long RandomId), byte> _randomIds = new();
    private readonly ConcurrentDictionary<string, int> _calls = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> _exportTokens = new(StringComparer.Ordinal);
    private readonly List<(TcpListener Listener, Task Loop)> _listeners = [];
    private readonly Journal? _journal;
    private readonly Pusher _pusher;
    private long _received;
    private long _sent;
    private int _parts;
    private int _repeated;
    private int _dropped;
    private int _handshakes;
    private int _accepted;
    private int _badSalts;

    public TelegramServer(ServerOptions options)
    {
        Options = options;
        World = TelegramWorld.CreateDefault(options.Clock);
        _ids = new ServerClock(options.Clock);
        _journal = options.Directory is { } folder ? new Journal(folder) : null;
        Key = _journal?.Key ?? ServerKey.Create();
        Uploads = new Uploads(this);
        Calls = new CallRunner(this, new ApiCalls());
        _pusher = new Pusher(this);
        var isKnown = _journal?.Load(this) == true;
        World.Changed = OnChanged;
        if (!isKnown) Seeds.Plant(this, options.SeedChats, options.Seed);
        DataCenters = [Listen(2, options.Port), Listen(1, options.Port == 0 ? 0 : options.Port + 1)];
    }

    public ServerOptions Options { get; }

    public TelegramWorld World { get; }

    public ServerKey Key { get; }

    public Uploads Uploads { get; }

    public CallRunner Calls { get; }

    public ServerFaults Faults { get; } = new();

    public TimeProvider Clock => Options.Clock;

    public IReadOnlyList<DataCenter> DataCenters { get; }

    /// <summary>Clients that can are sent to a CDN data centre for files.</summary>
    public bool RedirectsToCdn { get; set; }

    /// <summary>Those that cannot, too, as the real one does not.</summary>
    public bool InsistsOnCdn { get; set; }

    /// <summary>What a client has to know to come here.</summary>
    public TelegramNetwork Network => new(DataCenters, [TelegramPublicKey.FromPem(Key.PublicPem)]);

    public int PartsServed => _parts;

    public int RepeatedMessages => _repeated;

    public int DroppedCalls => _dropped;

    public int Handshakes => _handshakes;

    public int AcceptedConnections => _accepted;

    public int BadSalts => _badSalts;

    public int OpenConnections => _connections.Count;

    public (long Received, long Sent) Bytes => (Interlocked.Read(ref _received), Interlocked.Read(ref _sent));

    public int CallsOf(string method) => _calls.GetValueOrDefault(method);

    public void Log(string line) => Options.Log(line);

    public long NewMessageId(bool isReply) => _ids.NextMessageId() | (isReply ? 1L : 3L);

    public KeyState? FindKey(int dataCenter, long id) => _keys.GetValueOrDefault((dataCenter, id));

    public IEnumerable<KeyState> Keys() => _keys.Values;

    public void AddKey(KeyState key)
    {
        Interlocked.Increment(ref _handshakes);
        _keys[(key.DataCenter, key.Key.Id)] = key;
        Remember(key);
    }

    public void Restore(KeyState key) => _keys[(key.DataCenter, key.Key.Id)] = key;

    public void Remember(KeyState key) => _journal?.Write(key);

    public void Remember(Room room) => _journal?.Write(room);

    public StoredFile Keep(Func<long, StoredFile> create)
    {
        var file = World.AddFile(create);
        _journal?.Write(file);
        return file;
    }

    public ServerSession SessionOf(KeyState key, long id)
    {
        lock (key.Sessions)
        {
            if (!key.Sessions.TryGetValue(id, out var session)) key.Sessions[id] = session = new ServerSession(key, id);
            return session;
        }
    }

    public bool IsNewRandomId(long user, long randomId) => _randomIds.TryAdd((user, randomId), 0);

    public byte[] ExportToken(long user)
    {
        var token = RandomNumberGenerator.GetBytes(32);
        _exportTokens[Convert.ToHexString(token)] = user;
        return token;
    }

    public bool RedeemToken(long user, ReadOnlySpan<byte> token) => _exportTokens.TryRemove(Convert.ToHexString(token), out var owner) && owner == user;

    /// <summary>Cuts every line.</summary>
    public void DropConnections()
    {
        foreach (var connection in _connections.Keys) connection.Abort();
    }

    /// <summary>Every key's salt changes; the old one is refused from now on.</summary>
    public void ChangeSalts()
    {
        foreach (var key in _keys.Values)
        {
            lock (key.ComingSalts) key.ComingSalts.Clear();
            key.Salt = key.OldSalt = Random.Shared.NextInt64();
        }
    }

    /// <summary>Forgets all sessions, as a restarted server does; keys stay.</summary>
    public void ForgetSessions()
    {
        foreach (var key in _keys.Values)
            lock (key.Sessions) key.Sessions.Clear();
    }

    public void ForgetKeys()
    {
        _keys.Clear();
        DropConnections();
    }

    public void Push(KeyState key, UpdatesBase updates) => _pusher.Push(key, updates);

    public void Count(int received = 0, int sent = 0)
    {
        Interlocked.Add(ref _received, received);
        Interlocked.Add(ref _sent, sent);
    }

    public void CountCall(string method) => _calls.AddOrUpdate(method, 1, static (_, n) => n + 1);

    public void CountPart() => Interlocked.Increment(ref _parts);

    public void CountBadSalt() => Interlocked.Increment(ref _badSalts);

    public void CountRepeated() => Interlocked.Increment(ref _repeated);

    public void CountDropped(long requestId)
    {
        Log($"dropped {requestId}");
        Interlocked.Increment(ref _dropped);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        foreach (var (listener, _) in _listeners) listener.Stop();
        DropConnections();
        foreach (var (_, loop) in _listeners) await loop;
        _journal?.Dispose();
    }

    private void OnChanged(MessageBox box, BoxEvent change)
    {
        _journal?.Write(World, box, change);
        _pusher.Push(box, change);
    }

    private DataCenter Listen(int id, int port)
    {
        var listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();
        _listeners.Add((listener, Task.Run(() => AcceptAsync(listener, id))));
        return new DataCenter(id, "127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port);
    }

    private async Task AcceptAsync(TcpListener listener, int dataCenter)
    {
        try
        {
            while (true)
            {
                var socket = await listener.AcceptSocketAsync(_stop.Token);
                socket.NoDelay = true;
                Interlocked.Increment(ref _accepted);
                var connection = new ServerConnection(this, dataCenter, socket);
                _connections[connection] = 0;
                _ = ServeAsync(connection);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or InvalidOperationException)
        {
            Log("listener closed");
        }
    }

    private async Task ServeAsync(ServerConnection connection)
    {
        await connection.RunAsync(_stop.Token);
        _connections.TryRemove(connection, out _);
    }
}
