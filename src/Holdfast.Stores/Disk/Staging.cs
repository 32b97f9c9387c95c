using System.Globalization;
using System.Text;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;

namespace Holdfast.Stores.Disk;

/// <summary>
/// Where objects lie until they have their names: <c>tmp~/ID.NUMBER</c>, one id a store object, with a lock on <c>tmp~/ID.lock</c>
/// that dies with its process. Whoever can take the lock of an id knows that its files are garbage.
/// </summary>
internal sealed class Staging(IFolder root) : IDisposable
{
    private const int FolderMode = 0x1c0; // 0700
    private const int Tries = 8;

    // No name of an object holds '~', so this is never the folder of one.
    private static readonly EntryPath Folder = EntryPath.From("tmp~"u8);

    private readonly Lock _lock = new();
    private IDisposable? _held;
    private string _id = "";
    private int _files;

    /// <summary>A new empty file without a name of its own. The first one of a store also removes what dead puts left.</summary>
    public StagedFile NewFile()
    {
        lock (_lock)
        {
            if (_held is null)
            {
                FolderTree.Ensure(root, Folder, FolderMode);
                TakeId();
                RemoveGarbage();
            }
            return new StagedFile(root, Of(_id, (++_files).ToString(CultureInfo.InvariantCulture)));
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            if (_held is null)
                return;
            TryRemove(Of(_id, "lock"));
            _held.Dispose();
            _held = null;
        }
    }

    private void TakeId()
    {
        for (var i = 0; i < Tries; i++)
        {
            _id = Guid.NewGuid().ToString("N");
            _held = root.TryLock(Of(_id, "lock"), $"process {Environment.ProcessId} is putting objects here");
            // Somebody who cleans up may have seen the file before it was locked: then the lock is his, or its name is gone.
            if (_held is not null && root.TryStat(Of(_id, "lock")) is not null)
                return;
            _held?.Dispose();
            _held = null;
        }
        throw new StoreException(StoreErrorKind.Unavailable, $"No lock could be taken in '{root.Display}/{Folder}'.");
    }

    private void RemoveGarbage()
    {
        using var folder = root.OpenFolder(Folder);
        var listing = folder.List();
        var names = Enumerable.Range(0, listing.Count).Select(i => Encoding.ASCII.GetString(listing[i])).ToList();
        foreach (var owner in names.GroupBy(n => n.Split('.')[0]).Where(g => g.Key != _id))
        {
            using var dead = TryLock(owner.Key);
            if (dead is null)
                continue;
            foreach (var name in owner.Where(n => !n.EndsWith(".lock", StringComparison.Ordinal)))
                TryRemove(Folder.Child(Encoding.ASCII.GetBytes(name)));
            // Invariant: the lock goes last; whoever is cut off here leaves a lock that the next one takes.
            TryRemove(Of(owner.Key, "lock"));
        }
    }

    private IDisposable? TryLock(string id)
    {
        try
        {
            return root.TryLock(Of(id, "lock"), "cleaning up");
        }
        catch (FileSystemException e) when (e.Error is Errno.AccessDenied or Errno.NotPermitted)
        {
            return null; // Another user's: his to remove.
        }
    }

    private void TryRemove(EntryPath path)
    {
        try
        {
            root.Remove(path);
        }
        catch (FileSystemException e) when (e.IsNotFound || e.Error is Errno.AccessDenied or Errno.NotPermitted)
        {
            // Gone, or another user's.
        }
    }

    private static EntryPath Of(string id, string what) => Folder.Child(Encoding.ASCII.GetBytes($"{id}.{what}"));
}
