namespace Holdfast.Core.Model;

/// <summary>What an entry is.</summary>
public enum EntryType : byte
{
    /// <summary>A regular file.</summary>
    File,

    /// <summary>A folder.</summary>
    Folder,

    /// <summary>A symbolic link; never followed.</summary>
    Symlink,

    /// <summary>A FIFO (named pipe).</summary>
    Fifo,

    /// <summary>A socket's name.</summary>
    Socket,

    /// <summary>A character device.</summary>
    CharDevice,

    /// <summary>A block device.</summary>
    BlockDevice,
}
