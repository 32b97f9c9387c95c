using System.Text;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;

namespace Holdfast.Library.Syncing;

/// <summary>
/// A client's folder that is kept the same with a library. What Holdfast needs there lies in its <c>.holdfast</c>: an id, a
/// mark for each library, bytes that come in, and the trash.
/// </summary>
internal sealed class SyncedFolder : IDisposable
{
    private static readonly EntryPath IdFile = PlaceMarker.Folder.Child("folder-id"u8);

    private readonly IFolder? _incoming;
    private readonly IDisposable? _held;

    private SyncedFolder(string path, IFolder folder, string id, bool isNew, IDisposable? held, TimeProvider time)
    {
        Path = path;
        Folder = folder;
        Id = id;
        IsNew = isNew;
        _held = held;
        Trash = new Trash(folder, time);
        if (held is null)
            return;
        // Nobody else holds the lock, so whatever lies here was cut off.
        FolderTree.Delete(folder, LibraryLayout.Incoming);
        FolderTree.EnsureOwn(folder, LibraryLayout.Incoming, 0x1c0);
        _incoming = folder.OpenFolder(LibraryLayout.Incoming);
        Changes = new TreeChanges(folder, _incoming, Trash);
    }

    public string Path { get; }

    public IFolder Folder { get; }

    /// <summary>32 hexadecimal digits.</summary>
    public string Id { get; }

    /// <summary>True when it had no id until now.</summary>
    public bool IsNew { get; }

    public Trash Trash { get; }

    /// <summary>Bytes that come in.</summary>
    public IFolder Incoming => _incoming ?? throw new InvalidOperationException("A dry run writes nothing.");

    /// <summary>Where changes are made; null in a dry run.</summary>
    public TreeChanges? Changes { get; }

    /// <summary>Opens a folder and takes its lock; in a dry run neither.</summary>
    /// <exception cref="HoldfastException">It is not there, it is a place, or another run is at work in it.</exception>
    public static async Task<SyncedFolder> OpenAsync(string path, Func<string, IFolder> open, RunRequest request, TimeProvider time, CancellationToken cancellationToken)
    {
        var folder = OpenFolder(path, open);
        IDisposable? held = null;
        try
        {
            if (folder.TryStat(PlaceMarker.FilePath) is not null)
                throw new HoldfastException(ErrorKind.Usage, $"'{path}' is a place of Holdfast itself, not a folder to keep the same with a library.", "Name the folder with your files in 'from'.");
            if (!request.DryRun)
            {
                FolderTree.Ensure(folder, PlaceMarker.Folder, LibraryLayout.FolderMode);
                held = await PlaceLock.TakeAsync(folder, LibraryLayout.Lock, $"{request.Client} {request.Job}", request.WaitForLock, cancellationToken);
            }
            var known = IdOf(folder);
            return new SyncedFolder(path, folder, known ?? PlaceMarker.NewId(), known is null, held, time);
        }
        catch
        {
            held?.Dispose();
            folder.Dispose();
            throw;
        }
    }

    /// <summary>The same folder with an id of its own: it is a copy of another that has this id.</summary>
    public SyncedFolder AsCopy(TimeProvider time)
    {
        _incoming?.Dispose();
        return new SyncedFolder(Path, Folder, PlaceMarker.NewId(), isNew: true, _held, time);
    }

    /// <summary>The id of a folder; null when it has none.</summary>
    public static string? IdOf(IFolderReader folder) =>
        SmallFile.TryRead(folder, IdFile) is { } bytes && Encoding.ASCII.GetString(bytes).Trim() is var id && SyncMark.IsName(id) ? id : null;

    /// <summary>Writes the id, so that the folder is known again.</summary>
    public void KeepId() => SmallFile.Write(Folder, IdFile, Encoding.ASCII.GetBytes(Id + "\n"));

    public void Dispose()
    {
        _incoming?.Dispose();
        _held?.Dispose();
        Folder.Dispose();
    }

    private static IFolder OpenFolder(string path, Func<string, IFolder> open)
    {
        try
        {
            return open(path);
        }
        catch (FileSystemException e)
        {
            throw new HoldfastException(ErrorKind.Failed, $"the source is not there: {e.Message}.", "Nothing was changed. Is its disk mounted? A new folder is to be made by hand.", e);
        }
    }
}
