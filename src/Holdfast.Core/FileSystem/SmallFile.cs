using Holdfast.Core.Model;

namespace Holdfast.Core.FileSystem;

/// <summary>Whole small files of a place: markers and descriptions.</summary>
public static class SmallFile
{
    private const int Most = 64 * 1024 * 1024;

    /// <summary>All bytes, or null when the file is not there.</summary>
    public static byte[]? TryRead(IFolderReader folder, EntryPath path)
    {
        if (folder.TryStat(path) is not { } stat)
            return null;
        if (stat.Type != EntryType.File || stat.Size > Most)
            throw new HoldfastException(ErrorKind.Failed, $"'{folder.Display}/{path}' is not a small file as it should be.");
        using var file = folder.OpenFile(path);
        var bytes = new byte[stat.Size];
        var got = file.Read(0, bytes);
        return bytes[..got];
    }

    /// <summary>The name a file has until all of it is durable.</summary>
    public static EntryPath TemporaryOf(EntryPath path) => path.Parent.Child([.. path.Name, .. ".tmp"u8]);

    /// <summary>Writes a file under a temporary name, makes it durable and gives it its name, replacing what was there.</summary>
    public static void Write(IFolder folder, EntryPath path, ReadOnlySpan<byte> bytes)
    {
        var temporary = TemporaryOf(path);
        if (folder.TryStat(temporary) is not null)
            folder.Remove(temporary);
        using (var file = folder.CreateFile(temporary, 0x1a4))
        {
            file.Write(0, bytes);
            file.Sync();
        }
        folder.Rename(temporary, folder, path, replace: true);
        folder.SyncFolder(path.Parent);
    }
}
