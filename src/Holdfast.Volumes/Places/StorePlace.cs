using System.Security.Cryptography;
using System.Text;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;
using Holdfast.Stores;

namespace Holdfast.Volumes.Places;

/// <summary>
/// A store that holds volumes, each an object of its own name. New ones are staged on this machine, put when they are complete,
/// and read back from the store before the run commits.
/// </summary>
/// <param name="store">Disposed with this.</param>
/// <param name="local">Of this machine, for this place alone; disposed with this.</param>
/// <param name="time">Whose time locks are watched by.</param>
/// <param name="interruption">Ends what is being read: a network may hang for long. What is written, and the lock, have tokens of their own.</param>
internal sealed class StorePlace(IStore store, IFolder local, TimeProvider time, CancellationToken interruption) : IVolumePlace
{
    private const int FolderMode = 0x1C0, MostSmall = 64 * 1024 * 1024;
    private static readonly EntryPath Staging = EntryPath.From("staging"u8);
    private static readonly ObjectName Own = ObjectName.Parse(PlaceMarker.Folder.ToString());
    private static readonly ObjectName Marker = ObjectName.Parse(PlaceMarker.FilePath.ToString());

    private StoreLock? _lock;

    public string Display => store.Display;

    public PlaceMarker? TryReadMarker() => TryRead(Marker) is { } bytes ? PlaceMarker.Read(bytes, Display) : null;

    public void Write(PlaceMarker marker) => Put(Marker, marker.ToBytes());

    public string? FirstForeign() => Run(async () =>
    {
        await foreach (var found in store.ListAsync(null, interruption))
            if (!found.Name.IsBelow(Own))
                return found.Name.Text;
        return null;
    });

    public async Task<IDisposable> LockAsync(string purpose, TimeSpan wait, CancellationToken cancellationToken) =>
        _lock = await StoreLock.TakeAsync(store, local, purpose, wait, time, cancellationToken);

    public IReadOnlyList<VolumeName> List() => Run(async () =>
    {
        var names = new List<VolumeName>();
        await foreach (var found in store.ListAsync(null, interruption))
            if (VolumeName.TryParse(found.Name.Text) is { } name)
                names.Add(name);
        names.Sort((a, b) => a.Number.CompareTo(b.Number));
        return names;
    });

    public IStagedVolume Stage(VolumeName name)
    {
        FolderTree.Ensure(local, Staging, FolderMode);
        return new StagedObject(new StagedFile(local, Staging.Child(name.Path.Bytes), name.Path), (staged, ended) => Publish(name, staged, ended));
    }

    public IFileReader Open(VolumeName name) => new ObjectFile(store, NameOf(name), interruption);

    public void Remove(VolumeName name) => Run(async () =>
    {
        await RequireLockAsync();
        await store.RemoveAsync(NameOf(name), default);
        await store.FlushAsync(default);
        return true;
    });

    public void TidyUp() => FolderTree.Delete(local, Staging);

    public byte[]? TryReadNote(string name) => TryRead(Own.Child(name));

    public void WriteNote(string name, ReadOnlySpan<byte> bytes) => Put(Own.Child(name), bytes.ToArray());

    public void Dispose()
    {
        Run(async () =>
        {
            await store.DisposeAsync();
            return true;
        });
        local.Dispose();
    }

    /// <summary>The folder of this machine for a place elsewhere.</summary>
    public static string LocalFolderOf(string location, string stateFolder) =>
        Path.Combine(stateFolder, "stores", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(location)))[..32]);

    private static ObjectName NameOf(VolumeName name) => ObjectName.Parse(name.ToString());

    // Invariant: when this returns, the store holds the volume under its name, and gave back every byte of it.
    private void Publish(VolumeName name, IStagedVolume staged, CancellationToken ended) => Run(async () =>
    {
        await RequireLockAsync();
        await store.PutAsync(NameOf(name), ObjectBody.Replayable(() => new FileReadStream(staged.Reopen()), staged.Length), PutCondition.IfAbsent, ended);
        await store.FlushAsync(default);
        if (await IsWholeAsync(name, staged, ended))
            return true;
        await store.RemoveAsync(NameOf(name), default);
        throw new HoldfastException(
            ErrorKind.Failed, $"the volume '{name}' was read back from {Display} and is not what was put there.", "It was removed again and nothing was recorded. Try again; if it stays so, the store cannot be relied on.");
    });

    private async Task<bool> IsWholeAsync(VolumeName name, IStagedVolume staged, CancellationToken ended)
    {
        await using var put = await store.OpenAsync(NameOf(name), ByteRange.All, ended);
        if (put.Length != staged.Length)
            return false;
        await using var meant = new FileReadStream(staged.Reopen());
        var (wanted, got) = (await SHA256.HashDataAsync(meant, ended), await SHA256.HashDataAsync(put.Bytes, ended));
        return wanted.AsSpan().SequenceEqual(got);
    }

    private async Task RequireLockAsync()
    {
        if (_lock is not null)
            await _lock.RequireAsync(default);
    }

    private byte[]? TryRead(ObjectName name) => Run(async () =>
    {
        try
        {
            return await store.ReadAllAsync(name, MostSmall, interruption);
        }
        catch (StoreException e) when (e.Reason == StoreErrorKind.NotFound)
        {
            return null;
        }
    });

    private void Put(ObjectName name, byte[] bytes) => Run(async () =>
    {
        await store.PutAsync(name, ObjectBody.Of(bytes), PutCondition.Replace, default);
        await store.FlushAsync(default);
        return true;
    });

    // Volumes are written by one thread, which waits here; the store's own work is done by others.
    private static T Run<T>(Func<Task<T>> work) => Task.Run(work).GetAwaiter().GetResult();
}

/// <summary>A volume staged on this machine, for a store.</summary>
internal sealed class StagedObject(StagedFile staged, Action<IStagedVolume, CancellationToken> publish) : IStagedVolume
{
    public Stream Output => staged.Output;

    public long Length => staged.Length;

    public void Complete() => staged.Complete();

    public IFileReader Reopen() => staged.Reopen();

    public void Publish(CancellationToken interruption) => publish(staged, interruption);

    // The store has its own copy: what was staged goes either way.
    public void Dispose() => staged.Dispose();
}
