using Holdfast.Core.Model;
using Holdfast.Library.Index;

namespace Holdfast.Library.Scanning;

/// <summary>
/// Files that are not to be seen and may not be gone. Promise 5: one that lay on a file system that is not mounted now, or that one
/// is mounted over, is neither there nor removed; the index keeps it until the file system is back, or somebody says that it is gone.
/// One that was copied and then removed was renamed, but nobody has read the copy yet as long as it rests.
/// </summary>
internal sealed class UnknownFiles(LibraryIndex index, ScanOptions options)
{
    private const string WayOn = "(mount it, or take them out: holdfast library scan --allow-deletions)";

    private readonly HashSet<long> _notRead = [];
    private readonly Dictionary<(EntryPath Mount, bool IsOver), long> _counts = [];

    /// <summary>The mount points, each with what is unknown below it.</summary>
    public IEnumerable<(EntryPath Path, string Reason)> Named => _counts.OrderBy(c => c.Key.Mount).Select(c => (c.Key.Mount, c.Key.IsOver
        ? $"a file system is mounted over what was here; {c.Value:N0} files below it stay known {WayOn.Replace("mount it", "unmount it", StringComparison.Ordinal)}"
        : $"the file system that was mounted here is not there; {c.Value:N0} files below it stay known {WayOn}"));

    /// <summary>A file of that size is there, and nobody knows what it holds.</summary>
    public void NotRead(long size) => _notRead.Add(size);

    public void Clear() => _counts.Clear();

    /// <summary>True for a file that is not to be seen because another file system lies where it lay.</summary>
    public bool Holds(IndexedFile file) => !options.AllowDeletions && index.MountAbove(file.Path) != file.Mount;

    /// <summary>The same, and counts it; or a file that would be decided to be deleted for good, and may be one that was not read. The mounts are looked at after the file, which went with its file system.</summary>
    public bool Take(IndexedFile file)
    {
        var now = index.MountAbove(file.Path);
        if (options.AllowDeletions || now == file.Mount)
            return index.Remembers && file.Size > 0 && _notRead.Contains(file.Size);
        var key = (NestedMounts.Part(file.Path, Math.Max(now, file.Mount)), now > file.Mount);
        _counts[key] = _counts.GetValueOrDefault(key) + 1;
        return true;
    }
}
