using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;

namespace Holdfast.Library.Index;

/// <summary>A file of the library as it was when its contents were hashed.</summary>
internal sealed record IndexedFile(EntryPath Path, ContentId Content, long Size, Timestamp Modified, Timestamp Changed, ulong Inode)
{
    /// <summary>How many parts of its path lead to the mount point that it lay below (<see cref="NestedMounts.Above"/>). The index says it; nobody else has to.</summary>
    public int Mount { get; init; }

    public static IndexedFile Of(EntryPath path, ContentId content, in FileStat stat) => new(path, content, stat.Size, stat.Modified, stat.Changed, stat.Inode);

    /// <summary>True when nothing says that the file was touched since. Where inode and ctime mean nothing, size and time must do.</summary>
    public bool IsUntouched(in FileStat stat, bool stableIdentity) =>
        stat.Type == EntryType.File
        && stat.Size == Size
        && stat.Modified == Modified
        && (!stableIdentity || (stat.Changed == Changed && stat.Inode == Inode));

    /// <summary>
    /// True when it is the same file under a new name: a rename changes the ctime and nothing else. A file that was made after this
    /// one was hashed has got the number of one that is gone; where nobody knows when it was made, its bytes decide.
    /// </summary>
    public bool IsSameFile(in FileStat stat) =>
        stat.Inode == Inode && stat.Size == Size && stat.Modified == Modified && stat.Born is { } born && born.CompareTo(Changed) <= 0;
}
