using System.Globalization;
using System.Text;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;
using Holdfast.Stores;

namespace Holdfast.Volumes.Places;

/// <summary>
/// The lock of a place in a store: the object <c>.holdfast/lock</c>, which only one can put. It cannot die with its process, so
/// each lock has a token that this machine remembers beside a lock that does: whoever gets that one and finds the token in the
/// store knows that its run is dead. One of another machine counts as dead when it was not renewed for ten minutes of watching.
/// </summary>
internal sealed class StoreLock : IDisposable
{
    private static readonly ObjectName Name = ObjectName.Parse(".holdfast/lock");
    private static readonly EntryPath Local = EntryPath.From("lock"u8), Tokens = EntryPath.From("lock-tokens"u8);
    private static readonly TimeSpan Renewed = TimeSpan.FromMinutes(1), Dead = TimeSpan.FromMinutes(10), Pause = TimeSpan.FromSeconds(1);

    private readonly IStore _store;
    private readonly IDisposable _local;
    private readonly string _token, _holder;
    private readonly ITimer _renewing;
    private readonly SemaphoreSlim _one = new(1);
    private int _renewals;

    private StoreLock(IStore store, IDisposable local, string token, string holder, TimeProvider time)
    {
        (_store, _local, _token, _holder) = (store, local, token, holder);
        _renewing = time.CreateTimer(_ => _ = RenewAsync(), null, Renewed, Renewed);
    }

    /// <summary>Takes the lock, waiting for it up to <paramref name="wait"/>.</summary>
    /// <exception cref="HoldfastException">Another run has it; names it.</exception>
    public static async Task<StoreLock> TakeAsync(IStore store, IFolder local, string purpose, TimeSpan wait, TimeProvider time, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var held = await PlaceLock.TakeAsync(local, Local, purpose, wait, cancellationToken);
        try
        {
            var token = PlaceMarker.NewId();
            var holder = string.Create(CultureInfo.InvariantCulture, $"{purpose}, process {Environment.ProcessId} on {Environment.MachineName}, since {time.GetUtcNow():yyyy-MM-dd HH:mm:ss}Z");
            // Invariant: the token is known here before it can be in the store.
            var mine = TokensOf(local);
            SmallFile.Write(local, Tokens, Encoding.UTF8.GetBytes(string.Concat(mine.Append(token).Select(t => t + "\n"))));
            (string Version, long Since)? watched = null;
            while (!await TryPutAsync(store, Body(token, 0, holder), cancellationToken))
            {
                if (await TryReadAsync(store, cancellationToken) is not { } other)
                {
                    // Given back between the two calls; a store in which it is always there and never there is not waited for without end.
                    if (time.GetElapsedTime(began) > wait + Dead)
                        throw new HoldfastException(ErrorKind.Locked, $"'{store.Display}' says that its lock is taken and that there is none.", "Try again later.");
                    await Task.Delay(Pause, time, cancellationToken);
                    continue;
                }
                if (watched?.Version != other.Version)
                    watched = (other.Version, time.GetTimestamp());
                if (mine.Contains(other.Token, StringComparer.Ordinal) || time.GetElapsedTime(watched.Value.Since) > Dead)
                    await store.RemoveAsync(Name, cancellationToken);
                else if (time.GetElapsedTime(began) >= wait)
                    throw new HoldfastException(
                        ErrorKind.Locked, $"another run is at work in '{store.Display}' ({other.Holder}).", $"Wait for it to end, or use --wait: a lock that nobody renews for {Dead.TotalMinutes:0} minutes is taken over.");
                else
                    await Task.Delay(Pause, time, cancellationToken);
            }
            SmallFile.Write(local, Tokens, Encoding.UTF8.GetBytes(token + "\n"));
            return new StoreLock(store, held, token, holder, time);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Makes sure that nobody took it over, before something is changed that he may rely on.</summary>
    /// <exception cref="HoldfastException">It is lost.</exception>
    public async Task RequireAsync(CancellationToken cancellationToken)
    {
        if ((await TryReadAsync(_store, cancellationToken))?.Token != _token)
            throw new HoldfastException(ErrorKind.Locked, $"the lock of '{_store.Display}' was taken over by another run, because this one could not renew it for too long.", "Nothing was recorded; run it again.");
    }

    public void Dispose()
    {
        _renewing.Dispose();
        Task.Run(ReleaseAsync).GetAwaiter().GetResult();
        _local.Dispose();
        _one.Dispose();
    }

    private async Task ReleaseAsync()
    {
        await _one.WaitAsync();
        try
        {
            if ((await TryReadAsync(_store, default))?.Token == _token)
                await _store.RemoveAsync(Name, default);
        }
        catch (StoreException)
        {
            // What stays is known here as this machine's, and the next run removes it.
        }
    }

    private async Task RenewAsync()
    {
        try
        {
            if (!await _one.WaitAsync(TimeSpan.Zero))
                return;
        }
        catch (ObjectDisposedException)
        {
            return;
        }
        try
        {
            await RequireAsync(default);
            await _store.PutAsync(Name, ObjectBody.Of(Body(_token, ++_renewals, _holder)), PutCondition.Replace, default);
        }
        catch (HoldfastException)
        {
            // The next time, or whoever is about to change something finds out.
        }
        finally
        {
            _one.Release();
        }
    }

    private static async Task<bool> TryPutAsync(IStore store, byte[] body, CancellationToken cancellationToken)
    {
        try
        {
            await store.PutAsync(Name, ObjectBody.Of(body), PutCondition.IfAbsent, cancellationToken);
            await store.FlushAsync(cancellationToken);
            return true;
        }
        catch (StoreException e) when (e.Reason == StoreErrorKind.Exists)
        {
            return false;
        }
    }

    // Null when it is not there.
    private static async Task<(string Token, string Holder, string Version)?> TryReadAsync(IStore store, CancellationToken cancellationToken)
    {
        try
        {
            var bytes = await store.ReadAllAsync(Name, 64 * 1024, cancellationToken);
            var lines = Encoding.UTF8.GetString(bytes).Split('\n');
            return (lines[0], lines.ElementAtOrDefault(2) ?? "unknown", Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(bytes)));
        }
        catch (StoreException e) when (e.Reason == StoreErrorKind.NotFound)
        {
            return null;
        }
    }

    private static string[] TokensOf(IFolder local) => Encoding.UTF8.GetString(SmallFile.TryRead(local, Tokens) ?? []).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static byte[] Body(string token, int renewals, string holder) =>
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{token}\n{renewals}\n{holder}\n"));
}
