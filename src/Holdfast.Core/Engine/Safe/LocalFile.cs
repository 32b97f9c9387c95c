using System.Security.Cryptography;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;

namespace Holdfast.Core.Engine.Safe;

/// <summary>A local file as it is now, hashed.</summary>
/// <param name="Item">Where it lies.</param>
/// <param name="Stat">Before and after it was read.</param>
/// <param name="Content">What was read.</param>
public sealed record LocalFile(LocalItem Item, FileStat Stat, ContentId Content)
{
    /// <summary>Reads and hashes it.</summary>
    /// <exception cref="FileSystemException">It cannot be read.</exception>
    /// <exception cref="HoldfastException">It changed while it was read.</exception>
    public static LocalFile Read(LocalItem item)
    {
        var (stat, content) = Read(item.Tree.Folder, item.Path);
        return new LocalFile(item, stat, content);
    }

    internal static (FileStat Stat, ContentId Content) Read(IFolder folder, EntryPath path)
    {
        using var file = folder.OpenFile(path);
        var stat = file.Stat();
        if (stat.Type != EntryType.File)
            throw new HoldfastException(ErrorKind.Failed, "it is no file any more");
        file.Advise(ReadAdvice.Sequential);
        var content = new ContentId(SHA256.HashData(new FileReadStream(file)));
        return file.Stat().SameContentsAs(stat) ? (stat, content) : throw new HoldfastException(ErrorKind.Failed, "it changed while it was read");
    }
}
