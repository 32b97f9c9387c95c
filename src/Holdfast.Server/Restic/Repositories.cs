using System.Collections.Concurrent;
using Holdfast.Core.Model;
using Holdfast.Stores;
using Holdfast.Stores.Disk;

namespace Holdfast.Server.Restic;

/// <summary>The restic repositories of a server, a folder each, in restic's own layout: restic reads them there without the server, too.</summary>
/// <param name="path">The folder they lie in; made with the first of them.</param>
internal sealed class Repositories(string path) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<DiskStore>> _open = new(StringComparer.Ordinal);

    /// <summary>The repository of that name.</summary>
    /// <exception cref="StoreException"><see cref="StoreErrorKind.NoStore"/>: there is none.</exception>
    /// <exception cref="FormatException">It is no name of one.</exception>
    public IStore Open(string name) => Get(name, folder => DiskStore.Open(folder));

    /// <summary>Makes the folder of a repository; nothing happens when it is there.</summary>
    /// <exception cref="FormatException">It is no name of one.</exception>
    public void Create(string name) => Get(name, DiskStore.Create);

    public async ValueTask DisposeAsync()
    {
        foreach (var store in _open.Values)
            if (store.IsValueCreated)
                await store.Value.DisposeAsync();
    }

    private DiskStore Get(string name, Func<string, DiskStore> open)
    {
        Require(name);
        try
        {
            return _open.GetOrAdd(name, _ => new Lazy<DiskStore>(() => open(Path.Combine(path, name)))).Value;
        }
        catch (HoldfastException)
        {
            _open.TryRemove(name, out _); // It may be made later.
            throw;
        }
    }

    private static void Require(string name)
    {
        if (name.StartsWith('.') || name.Contains('/', StringComparison.Ordinal) || !ObjectName.TryParse(name, out _))
            throw new FormatException("a repository's name has letters, digits, '-', '_', '.' and '=', and no '.' in front");
    }
}
