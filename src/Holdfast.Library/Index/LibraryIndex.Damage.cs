using Holdfast.Core.Catalog;
using Holdfast.Core.Model;

namespace Holdfast.Library.Index;

/// <summary>
/// Files that a disk gave back with other bytes than they were stored with, though nobody touched them: size and times say nothing
/// of them any more. Until they are hashed anew or gone, whoever asks whether a content is here must read them.
/// </summary>
internal sealed partial class LibraryIndex
{
    /// <summary>True when a file's size and times are not to be believed.</summary>
    public bool IsDamaged(EntryPath path)
    {
        // Nearly always there is none, and many threads ask at once.
        if (!_anyDamaged)
            return false;
        lock (_lock)
            return _damaged.Contains(path);
    }

    /// <summary>Remembers that a file is damaged.</summary>
    public void Damaged(EntryPath path)
    {
        lock (_lock)
        {
            if (!_damaged.Add(path))
                return;
            _anyDamaged = true;
            Execute("INSERT OR IGNORE INTO damaged (path) VALUES ($1)", StoredPath.Write(path));
        }
    }

    private void ReadDamage()
    {
        lock (_lock)
        {
            _damaged.Clear();
            _damaged.UnionWith(Query("SELECT path FROM damaged", row => StoredPath.Read((byte[])row.GetValue(0))));
            _anyDamaged = _damaged.Count > 0;
        }
    }

    private void IsOther(EntryPath path)
    {
        lock (_lock)
            if (_damaged.Remove(path))
                Execute("DELETE FROM damaged WHERE path = $1", StoredPath.Write(path));
    }
}
