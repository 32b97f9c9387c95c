using System.Diagnostics.CodeAnalysis;

namespace Holdfast.Core.FileSystem;

/// <summary>A system call failed: what was tried, on which path, and the system's reason.</summary>
[SuppressMessage("Design", "CA1032", Justification = "Never without a path and a reason.")]
public sealed class FileSystemException : IOException
{
    /// <summary>Names the failure.</summary>
    /// <param name="operation">A verb: "open", "rename".</param>
    /// <param name="path">As people know it.</param>
    /// <param name="error">The system's reason.</param>
    public FileSystemException(string operation, string path, Errno error)
        : base($"cannot {operation} '{path}': {error.Describe()}")
    {
        Operation = operation;
        Path = path;
        Error = error;
    }

    /// <summary>What was tried.</summary>
    public string Operation { get; }

    /// <summary>On which path.</summary>
    public string Path { get; }

    /// <summary>The system's reason.</summary>
    public Errno Error { get; }

    /// <summary>True when the place has no room left (disk full, quota used up, or file too large for the file system).</summary>
    public bool IsNoSpace => Error is Errno.NoSpace or Errno.QuotaExceeded;

    /// <summary>True when permissions do not allow it.</summary>
    public bool IsDenied => Error is Errno.AccessDenied or Errno.NotPermitted;

    /// <summary>True when the path is not there, as the system says itself.</summary>
    public bool IsNotFound => Error is Errno.NotFound or Errno.NotAFolder;
}
