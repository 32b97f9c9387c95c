using System.Net.Sockets;
using System.Security.Cryptography;
using Holdfast.Mtproto.Crypto;
using Holdfast.Mtproto.DataCenters;
using Holdfast.Mtproto.KeyExchange;
using Holdfast.Mtproto.Tl;
using Holdfast.Mtproto.Tl.Service;
using Holdfast.Mtproto.Transport;

namespace Holdfast.Mtproto.Connections;

/// <summary>What connections of one client have in common.</summary>
internal sealed record ConnectionSettings(
    IReadOnlyList<TelegramPublicKey> Keys,
    TransportOptions Transport,
    ConnectionOptions Patience,
    ClientIdentity Identity,
    TimeProvider Time,
    Action<ClientEvent> Report);

/// <summary>
/// One session over one socket at a time. A broken socket is replaced for as long as anyone waits for an answer (or always, when kept alive);
/// there is no number of failures after which it gives up, and every recovery starts the count anew.
/// </summary>
internal sealed class Connection : IAsyncDisposable
{
    private const int DisconnectDelay = 75;
    private const int BulkBytes = 16 << 10;

    // A connection for files is closed after a minute without any, and opened again when there are some.
    private const int IdleTicks = 60;
    private readonly DataCenterState _server;
    private readonly ConnectionSettings _settings;
    private readonly bool _keepAlive;
    private readonly MessageSession _session;
    private readonly CancellationTokenSource _stop = new();
    private readonly Signal _demand = new();
    private readonly Lock _startGate = new();
    private Task? _running;
    private long _lastSign;
    private long _lastPing;
    private bool _isPingOpen;
    private bool _hasHeard;
    private DataCenter? _address;

    /// <summary>What it shares with the other connections to its data centre.</summary>
    public DataCenterState Server => _server;

    public Connection(DataCenterState server, ConnectionSettings settings, bool keepAlive)
    {
        _server = server;
        _settings = settings;
        _keepAlive = keepAlive;
        _session = new MessageSession(server, settings.Identity, settings.Time);
    }

    /// <summary>Updates that the server pushes; null means "some may have been missed".</summary>
    public Action<UpdatesBase?>? Pushed
    {
        set => _session.Pushed = value;
    }

    /// <exception cref="Calls.RpcException">Telegram refused.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up; the server is told.</exception>
    public async Task<T> CallAsync<T>(ITlMethod<T> method, CancellationToken ct)
    {
        ObjectDisposedException.ThrowIf(_stop.IsCancellationRequested, this);
        ct.ThrowIfCancellationRequested();
        var call = new PendingCall<T>(method, ct);
        _session.Enqueue(call);
        Start();
        _demand.Set();
        await using var registration = ct.Register(() =>
        {
            call.Cancel();
            _session.Drop(call);
        });
        return await call.Task;
    }

    /// <summary>Connects now rather than at the first call.</summary>
    public void Start()
    {
        lock (_startGate) _running ??= Task.Run(RunAsync);
    }

    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested) return;
        await _stop.CancelAsync();
        if (_running is { } running) await running;
        _session.FailAll(new ObjectDisposedException(nameof(Connection), "The client was closed while the call was under way."));
    }

    private async Task RunAsync()
    {
        var backoff = new Backoff(_settings.Patience.MaxBackoff);
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                if (!_keepAlive && _session.Waiting == 0) await _demand.WaitAsync(_stop.Token);
                _hasHeard = false;
                await ServeAsync();
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is IOException or SocketException or CryptographicException or TlException or ObjectDisposedException or InvalidDataException or OperationCanceledException or ArithmeticException or ArgumentException)
            {
                if (_hasHeard) backoff.Reset();
                else if (_address is { } deaf && e is not TransportErrorException) _server.GiveUp(deaf);
                Judge(e);
                if (!await PauseAsync(backoff.Next(), e)) return;
            }
        }
    }

    /// <summary>Errors that another attempt cannot mend are told to whoever waits.</summary>
    private void Judge(Exception error)
    {
        if (error is TransportErrorException { Code: 404 } && _server.Key is not null)
        {
            _server.Key = null;
            _server.IsAuthorized = false;
            _session.FailAll(Calls.RpcException.Create(401, "AUTH_KEY_UNREGISTERED", "the connection"));
        }
        else if (error is CryptographicException && _server.Key is null)
        {
            // The other side is not who it should be: trying on in silence would only hide that.
            _session.FailAll(error);
        }
    }

    private async Task<bool> PauseAsync(TimeSpan pause, Exception reason)
    {
        if (_keepAlive || _session.Waiting > 0) _settings.Report(new ClientEvent.Reconnecting(_server.DataCenter, pause, reason.Message));
        try
        {
            await Task.Delay(pause, _settings.Time, _stop.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task ServeAsync()
    {
        using var stream = await OpenAsync();
        var key = _server.Key!;
        _lastSign = _lastPing = _settings.Time.GetTimestamp();
        _isPingOpen = false;
        _session.OnConnected();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        var ahead = new FramesAhead(stream, AesIgeSideBySide.Most);
        var receiving = ahead.RunAsync(ended.Token);
        Task[] loops = [ReadAsync(ahead, key, ended.Token), WriteAsync(stream, key, ended.Token), WatchAsync(ended.Token)];
        var first = await Task.WhenAny(loops);
        await ended.CancelAsync();
        stream.Dispose();
        await receiving;
        // All must have let go of the stream before another one takes its place.
        await Task.WhenAll(loops.Select(l => l.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default)));
        await first;
    }

    private async Task<FrameStream> OpenAsync()
    {
        using var timeout = new CancellationTokenSource(_settings.Patience.OpenTimeout, _settings.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, _stop.Token);
        _address = _server.DataCenter;
        try
        {
            var stream = await Connector.OpenAsync(_address, _settings.Transport, either.Token);
            try
            {
                if (_server.Key is null) await MakeKeyAsync(stream, either.Token);
                return stream;
            }
            catch
            {
                stream.Dispose();
                throw;
            }
        }
        catch (OperationCanceledException e) when (timeout.IsCancellationRequested && !_stop.IsCancellationRequested)
        {
            throw new IOException($"{_address} did not answer within {_settings.Patience.OpenTimeout}.", e);
        }
    }

    private async Task MakeKeyAsync(FrameStream stream, CancellationToken ct)
    {
        await _server.KeyGate.WaitAsync(ct);
        try
        {
            if (_server.Key is not null) return;
            var exchanger = new KeyExchanger(_settings.Keys, _server.DataCenter.Id, _settings.Time);
            _server.Accept(await exchanger.RunAsync(stream, ct));
        }
        finally
        {
            _server.KeyGate.Release();
        }
    }

    private async Task ReadAsync(FramesAhead ahead, AuthKey key, CancellationToken ct)
    {
        var frames = new List<Frame>();
        while (true)
        {
            await ahead.NextAsync(frames, ct);
            PacketCipher.Decrypt([.. frames.Select(f => f.Memory)], key, Direction.ToClient);
            foreach (var frame in frames)
            {
                using (frame) Understand(frame.Bytes, key);
            }
        }
    }

    private void Understand(ReadOnlySpan<byte> frame, AuthKey key)
    {
        TransportErrorException.ThrowIfError(frame);
        var body = PacketCipher.Verify(frame, key, Direction.ToClient, out var head);
        if (!_hasHeard)
        {
            _hasHeard = true;
            _settings.Report(new ClientEvent.Connected(_server.DataCenter));
        }
        _lastSign = _settings.Time.GetTimestamp();
        _isPingOpen = false;
        _session.Receive(head, body);
    }

    private async Task WriteAsync(FrameStream stream, AuthKey key, CancellationToken ct)
    {
        using var batch = new PacketBatch(Direction.ToServer);
        while (true)
        {
            while (!batch.IsFull && _session.WritePacket(batch.Next()) is { } head) batch.Add(key, head);
            batch.Encrypt();
            for (var i = 0; i < batch.Count; i++)
            {
                var (packet, length) = batch[i];
                await stream.WriteAsync(packet, length, ct);
                // A slow line that still takes a large part is alive; that it takes a few bytes says nothing.
                if (length > BulkBytes) _lastSign = _settings.Time.GetTimestamp();
            }
            var isIdle = batch.Count == 0;
            batch.Clear();
            if (isIdle) await _session.Wake.WaitAsync(ct);
        }
    }

    private async Task WatchAsync(CancellationToken ct)
    {
        using var timer = new PeriodicTimer(_settings.Patience.Tick, _settings.Time);
        var idle = 0;
        while (await timer.WaitForNextTickAsync(ct))
        {
            if (!_keepAlive && _session.Waiting == 0)
            {
                if (++idle > IdleTicks) return;
            }
            else
            {
                idle = 0;
            }
            _session.OnTick(_settings.Patience.InquireAfter);
            var silence = _settings.Time.GetElapsedTime(_lastSign);
            if (_isPingOpen && silence > _settings.Patience.Silence) throw new IOException($"{_server.DataCenter} is silent.");
            var isOwed = silence > _settings.Patience.Silence && _session.IsOwed;
            if (!_isPingOpen && (isOwed || _settings.Time.GetElapsedTime(_lastPing) > _settings.Patience.PingInterval)) Ping();
        }
    }

    private void Ping()
    {
        _isPingOpen = true;
        _lastPing = _lastSign = _settings.Time.GetTimestamp();
        _session.Say(new PingDelayDisconnect { PingId = _lastPing, DisconnectDelay = DisconnectDelay });
    }
}
