using System.Text.Json;
using Holdfast.Mtproto.Connections;

namespace Holdfast.Mtproto.Sessions;

/// <summary>Saves the session soon after it changed, several changes at once, and what is left at the end.</summary>
internal sealed class SessionSaver : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private readonly ISessionStore _store;
    private readonly Func<SessionState> _capture;
    private readonly Signal _dirty = new();
    private readonly SemaphoreSlim _saving = new(1);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;
    private byte[] _last = [];

    public SessionSaver(ISessionStore store, Func<SessionState> capture)
    {
        _store = store;
        _capture = capture;
        _loop = Task.Run(RunAsync);
    }

    public static async Task<SessionState?> LoadAsync(ISessionStore store, CancellationToken ct)
    {
        var bytes = await store.LoadAsync(ct);
        return bytes is null ? null : JsonSerializer.Deserialize(bytes, SessionJson.Default.SessionState);
    }

    public void MarkDirty() => _dirty.Set();

    /// <summary>Saves now.</summary>
    public async Task SaveAsync(CancellationToken ct)
    {
        await _saving.WaitAsync(ct);
        try
        {
            var bytes = JsonSerializer.SerializeToUtf8Bytes(_capture(), SessionJson.Default.SessionState);
            if (bytes.AsSpan().SequenceEqual(_last)) return;
            await _store.SaveAsync(bytes, ct);
            _last = bytes;
        }
        finally
        {
            _saving.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        await SaveAsync(CancellationToken.None);
        _stop.Dispose();
        _saving.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                await _dirty.WaitAsync(_stop.Token);
                await Task.Delay(Pause, _stop.Token);
                await SaveAsync(_stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The last save is made by DisposeAsync.
        }
    }
}
