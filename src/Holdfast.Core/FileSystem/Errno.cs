using System.Runtime.InteropServices;

namespace Holdfast.Core.FileSystem;

/// <summary>Reasons of the system, as Linux numbers them (asm-generic/errno.h). Other numbers occur and describe themselves.</summary>
public enum Errno
{
    /// <summary>No error.</summary>
    None = 0,
    /// <summary>EPERM</summary>
    NotPermitted = 1,
    /// <summary>ENOENT</summary>
    NotFound = 2,
    /// <summary>EINTR</summary>
    Interrupted = 4,
    /// <summary>EIO</summary>
    InputOutput = 5,
    /// <summary>ENXIO</summary>
    NoSuchDeviceOrAddress = 6,
    /// <summary>EAGAIN</summary>
    WouldBlock = 11,
    /// <summary>EACCES</summary>
    AccessDenied = 13,
    /// <summary>EBUSY</summary>
    Busy = 16,
    /// <summary>EEXIST</summary>
    Exists = 17,
    /// <summary>EXDEV</summary>
    OtherFileSystem = 18,
    /// <summary>ENODEV</summary>
    NoSuchDevice = 19,
    /// <summary>ENOTDIR</summary>
    NotAFolder = 20,
    /// <summary>EISDIR</summary>
    IsAFolder = 21,
    /// <summary>EINVAL</summary>
    InvalidArgument = 22,
    /// <summary>ENOTTY</summary>
    NotSupportedControl = 25,
    /// <summary>EFBIG</summary>
    FileTooLarge = 27,
    /// <summary>ENOSPC</summary>
    NoSpace = 28,
    /// <summary>EROFS</summary>
    ReadOnlyFileSystem = 30,
    /// <summary>EMLINK</summary>
    TooManyLinks = 31,
    /// <summary>ERANGE</summary>
    Range = 34,
    /// <summary>ENAMETOOLONG</summary>
    NameTooLong = 36,
    /// <summary>ENOSYS</summary>
    NotImplemented = 38,
    /// <summary>ENOTEMPTY</summary>
    NotEmpty = 39,
    /// <summary>ELOOP</summary>
    Loop = 40,
    /// <summary>ENODATA</summary>
    NoData = 61,
    /// <summary>EOVERFLOW</summary>
    Overflow = 75,
    /// <summary>EILSEQ</summary>
    IllegalSequence = 84,
    /// <summary>EOPNOTSUPP</summary>
    NotSupported = 95,
    /// <summary>ENOTCONN</summary>
    NotConnected = 107,
    /// <summary>ESTALE</summary>
    Stale = 116,
    /// <summary>EDQUOT</summary>
    QuotaExceeded = 122,
}

/// <summary>Words for the system's reasons.</summary>
public static class ErrnoText
{
    /// <summary>The system's own words for it.</summary>
    public static string Describe(this Errno error) => error switch
    {
        Errno.NoSpace => "no space left on the disk",
        Errno.AccessDenied => "permission denied",
        _ => Marshal.GetPInvokeErrorMessage((int)error),
    };
}
