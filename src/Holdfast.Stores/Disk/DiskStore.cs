using System.Collections.Concurrent;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;

namespace Holdfast.Stores.Disk;

/// <summary>
/// Objects as files of a folder, one each, under their names. A new one is written under <c>tmp~/</c>, made durable and renamed
/// without replacing; files are for reading by their owner only. A put is durable when it returns, a removal after the flush.
/// </summary>
public sealed class DiskStore : IStore
{
    private const int Calls = 4;

    private readonly IFolder _root;
    private readonly Staging _staging;
    private readonly DurableFolders _folders;
    private readonly bool _stableIdentity;
    private readonly ConcurrentDictionary<EntryPath, bool> _unsynced = [];

    private DiskStore(IFolder root)
    {
        _root = root;
        _staging = new Staging(root);
        _folders = new DurableFolders(root);
        var traits = root.Traits;
        _stableIdentity = traits.StableIdentity;
        Traits = new StoreTraits { ConditionalPut = true, MaximumSize = long.MaxValue, Ranges = true, Parallelism = traits.Rotational ? 1 : Calls };
    }

    /// <inheritdoc/>
    public string Display => _root.Display;

    /// <inheritdoc/>
    public StoreTraits Traits { get; }

    /// <summary>Opens a folder that is there. Nothing is written before the first put, which also removes what puts that died left behind.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="open">Opens it; null for this machine's own way.</param>
    /// <exception cref="StoreException"><see cref="StoreErrorKind.NoStore"/>: it is not there.</exception>
    public static DiskStore Open(string path, Func<string, IFolder>? open = null)
    {
        try
        {
            return new DiskStore((open ?? LocalFolders.Open)(path));
        }
        catch (FileSystemException e)
        {
            throw DiskErrors.OfOpening(e, path);
        }
    }

    /// <summary>Creates the folder and its parents where missing, and opens it.</summary>
    /// <exception cref="StoreException">It cannot be made.</exception>
    public static DiskStore Create(string path)
    {
        try
        {
            return new DiskStore(LocalFolders.Create(path));
        }
        catch (FileSystemException e)
        {
            throw DiskErrors.OfOpening(e, path);
        }
    }

    /// <inheritdoc/>
    public Task<ObjectContent> OpenAsync(ObjectName name, ByteRange range, CancellationToken cancellationToken) => Do(name, () =>
    {
        if (TryStat(name) is null)
            throw StoreException.NotFound(Display, name);
        var file = _root.OpenFile(name.Path);
        try
        {
            var stat = file.Stat();
            if (range.Of(stat.Size) is not { } length)
                throw StoreException.Short(Display, name, $"it has {stat.Size} bytes, {range} were asked for");
            return new ObjectContent(new DiskReadStream(file, Display, name, range.Offset, length), length, VersionOf(stat));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }, cancellationToken);

    /// <inheritdoc/>
    public Task<ObjectStat?> TryStatAsync(ObjectName name, CancellationToken cancellationToken) =>
        Do(name, () => TryStat(name) is { } stat ? new ObjectStat(name, stat.Size, VersionOf(stat)) : null, cancellationToken);

    /// <inheritdoc/>
    public async IAsyncEnumerable<ObjectStat> ListAsync(
        ObjectName? folder, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var walk = new DiskWalk(_root, VersionOf).Below(folder).GetEnumerator();
        while (await Do(folder, () => walk.MoveNext(), cancellationToken))
            yield return walk.Current;
    }

    /// <inheritdoc/>
    public Task PutAsync(ObjectName name, ObjectBody body, PutCondition condition, CancellationToken cancellationToken) => Task.Run(async () =>
    {
        try
        {
            await PutHereAsync(name, body, condition, cancellationToken);
        }
        catch (FileSystemException e) when (e.IsNotFound)
        {
            RequireRoot();
            throw new StoreException(StoreErrorKind.Failed, $"'{name}' cannot be put into {Display}: {e.Message}.", "A part of its name is a file there, or its folder was removed meanwhile.", e);
        }
        catch (FileSystemException e)
        {
            throw DiskErrors.Of(e, Display, name);
        }
    }, cancellationToken);

    /// <inheritdoc/>
    public Task RemoveAsync(ObjectName name, CancellationToken cancellationToken) => Do(name, () =>
    {
        if (TryStat(name) is null)
            return false;
        try
        {
            _root.Remove(name.Path);
        }
        catch (FileSystemException e) when (e.IsNotFound)
        {
            // Somebody else was first.
        }
        return _unsynced[name.Path.Parent] = true;
    }, cancellationToken);

    /// <inheritdoc/>
    public Task FlushAsync(CancellationToken cancellationToken) => Do(null, () =>
    {
        foreach (var folder in _unsynced.Keys)
        {
            // Invariant: taken off the list before the sync, so that a removal during it is synced by the next flush.
            _unsynced.TryRemove(folder, out _);
            try
            {
                _root.SyncFolder(folder);
            }
            catch
            {
                _unsynced[folder] = true;
                throw;
            }
        }
        return true;
    }, cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _staging.Dispose();
        _root.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task PutHereAsync(ObjectName name, ObjectBody body, PutCondition condition, CancellationToken cancellationToken)
    {
        var path = name.Path;
        if (condition == PutCondition.IfAbsent && _root.TryStat(path) is not null)
            throw StoreException.Exists(Display, name);
        using var staged = _staging.NewFile();
        var length = await staged.FillAsync(body, cancellationToken);
        if (body.Length is { } expected && expected != length)
            throw StoreException.OtherLength(Display, name, expected, length);
        staged.Complete();
        _folders.Ensure(path.Parent);
        // Invariant: the bytes are durable before the name is given, and the name before the put returns.
        staged.Publish(path, replace: condition == PutCondition.Replace);
        _root.SyncFolder(path.Parent);
    }

    // Null for what is not a file: the folder of other objects is not an object.
    private FileStat? TryStat(ObjectName name)
    {
        if (_root.TryStat(name.Path) is { Type: EntryType.File } stat)
            return stat;
        RequireRoot();
        return null;
    }

    // "Not found" only when the folder itself is still there: a folder that was removed is listed as an error, not as empty.
    private void RequireRoot()
    {
        try
        {
            _root.List();
        }
        catch (FileSystemException e) when (e.IsNotFound)
        {
            throw DiskErrors.OfOpening(e, Display);
        }
    }

    private string VersionOf(FileStat stat) => _stableIdentity ? $"{stat.Inode:x}-{stat.Changed}" : $"{stat.Size:x}-{stat.Modified}";

    private Task<T> Do<T>(ObjectName? name, Func<T> work, CancellationToken cancellationToken) => Task.Run(() =>
    {
        try
        {
            return work();
        }
        catch (FileSystemException e) when (e.IsNotFound)
        {
            RequireRoot();
            throw DiskErrors.Of(e, Display, name);
        }
        catch (FileSystemException e)
        {
            throw DiskErrors.Of(e, Display, name);
        }
    }, cancellationToken);
}
