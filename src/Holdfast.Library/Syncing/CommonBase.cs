using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;

namespace Holdfast.Library.Syncing;

/// <summary>Finds the last common base of a folder and a library, and writes the next one.</summary>
internal sealed class CommonBase
{
    private readonly SyncedFolder _folder;
    private readonly ISyncedLibrary _library;
    private readonly BaseStore _store;
    private readonly SyncMarks _marks;
    private readonly string _name;

    private CommonBase(SyncedFolder folder, ISyncedLibrary library, BaseStore store, SyncMarks marks, string name)
    {
        _folder = folder;
        _library = library;
        _store = store;
        _marks = marks;
        _name = name;
        Read = store.Read(marks);
        Mounts = Read is null ? null : store.Mounts;
    }

    /// <summary>True when there is none that counts: nothing is deleted then.</summary>
    public bool IsMissing => Read is null;

    /// <summary>What both sides had in common last.</summary>
    public IReadOnlyDictionary<EntryPath, BaseFile> Files => Read ?? [];

    /// <summary>Where other file systems were mounted below the folder; null when that is not known.</summary>
    public IReadOnlyList<EntryPath>? Mounts { get; }

    private Dictionary<EntryPath, BaseFile>? Read { get; }

    public static async Task<CommonBase> FindAsync(IFolder state, SyncedFolder folder, ISyncedLibrary library, string client, CancellationToken cancellationToken)
    {
        var store = new BaseStore(state, BaseStore.PathOf(folder.Id, library.Id));
        var name = SyncMark.NameOf(client, folder.Id);
        var marks = new SyncMarks(SyncMark.Read(folder.Folder, library.Id), await library.MarkAsync(name, cancellationToken));
        return new CommonBase(folder, library, store, marks, name);
    }

    /// <summary>Makes files the base, unless they are it; both sides count a good run.</summary>
    public async Task WriteAsync(Dictionary<EntryPath, BaseFile> files, IReadOnlySet<EntryPath> mounts, CancellationToken cancellationToken)
    {
        // Invariant: after a good run neither side takes a mark from before it.
        if (_store.IsSealed && Read is { } before && before.Count == files.Count && files.Values.All(f => before.GetValueOrDefault(f.Path) == f) && Mounts is not null && mounts.SetEquals(Mounts))
            await SealAsync(_marks.Library!, cancellationToken);
        else
            await _store.WriteAsync(_folder.Path, files.Values, mounts, _marks, mark => SealAsync(mark, cancellationToken));
        _folder.Trash.RunSucceeded();
    }

    private async Task SealAsync(string mark, CancellationToken cancellationToken)
    {
        await _library.SealAsync(_name, mark, cancellationToken);
        if (SyncMark.Read(_folder.Folder, _library.Id) != mark)
            SyncMark.Write(_folder.Folder, _library.Id, mark);
    }
}
