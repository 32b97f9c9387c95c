using Holdfast.Core.FileSystem;

namespace Holdfast.Stores.Disk;

/// <summary>What the system's reasons mean for a store.</summary>
internal static class DiskErrors
{
    public static StoreException Of(FileSystemException e, string store, ObjectName? name) => e.Error switch
    {
        Errno.NotFound or Errno.NotAFolder when name is not null => StoreException.NotFound(store, name, e),
        Errno.Exists or Errno.NotEmpty when name is not null => StoreException.Exists(store, name, e),
        Errno.NoSpace or Errno.QuotaExceeded => With(StoreErrorKind.NoSpace, e, "Make room there, or use another place."),
        Errno.FileTooLarge => With(StoreErrorKind.TooLarge, e, "The file system there does not take files of this size."),
        Errno.AccessDenied or Errno.NotPermitted => With(StoreErrorKind.Denied, e, "Check who owns the folder and what is in it."),
        Errno.ReadOnlyFileSystem => With(StoreErrorKind.Denied, e, "The disk is mounted read-only; a damaged one is, too."),
        Errno.Interrupted or Errno.WouldBlock or Errno.Busy => With(StoreErrorKind.Unavailable, e, null),
        _ => With(StoreErrorKind.Failed, e, null),
    };

    public static StoreException OfOpening(FileSystemException e, string path) => e.IsNotFound
        ? new StoreException(StoreErrorKind.NoStore, $"There is no folder '{path}'.", "Is the disk mounted?", e)
        : Of(e, path, null);

    private static StoreException With(StoreErrorKind kind, FileSystemException e, string? wayOut) => new(kind, e.Message + ".", wayOut, e);
}
