using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;

namespace Holdfast.Mirror.Run;

/// <summary>Tells errors about one path, which the place cannot hold, from errors of the place.</summary>
internal static class Unholdable
{
    /// <summary>Does a step for one entry.</summary>
    /// <exception cref="NotHeldException">The place cannot hold it.</exception>
    public static T Do<T>(Entry entry, Func<T> step)
    {
        try
        {
            return step();
        }
        catch (FileSystemException e) when (Is(e, entry.Type))
        {
            throw Because(e);
        }
    }

    /// <inheritdoc cref="Do{T}"/>
    public static void Do(Entry entry, Action step) => Do(entry, () =>
    {
        step();
        return true;
    });

    /// <summary>
    /// Makes something in a folder that is there. "Not there" can then only mean the name: exfat-fuse says so of one with a
    /// character that exFAT has not (libexfat/lookup.c, exfat_split).
    /// </summary>
    /// <exception cref="NotHeldException">The place cannot hold the name.</exception>
    public static T InItsFolder<T>(Func<T> create)
    {
        try
        {
            return create();
        }
        catch (FileSystemException e) when (e.Error == Errno.NotFound)
        {
            throw Because(new FileSystemException(e.Operation, e.Path, Errno.InvalidArgument));
        }
    }

    /// <inheritdoc cref="InItsFolder{T}"/>
    public static void InItsFolder(Action create) => InItsFolder(() =>
    {
        create();
        return true;
    });

    public static bool Is(FileSystemException e, EntryType type) => e.Error switch
    {
        Errno.InvalidArgument or Errno.IllegalSequence or Errno.NameTooLong => true, // the name, or a symlink's target
        Errno.Exists => true, // under another spelling that is the same to the place
        Errno.FileTooLarge => type == EntryType.File,
        Errno.TooManyLinks => type == EntryType.Folder, // as many folders in one as the place allows
        // Every user may make files and folders; devices take root, and symlinks a place that knows them.
        Errno.NotSupported or Errno.NotImplemented or Errno.NotPermitted => type is not (EntryType.File or EntryType.Folder),
        _ => false,
    };

    public static NotHeldException Because(FileSystemException e) => new($"the place cannot hold it: {e.Message}", e);
}
