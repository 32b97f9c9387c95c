using Holdfast.Core.Model;

namespace Holdfast.Core.FileSystem;

/// <summary>An open new file, for writing. Closing does not make it durable.</summary>
public interface IFileWriter : IDisposable
{
    /// <summary>Writes all bytes at a position. What is never written is a hole.</summary>
    void Write(long position, ReadOnlySpan<byte> bytes);

    /// <summary>Sets the size, so that a file may end in a hole.</summary>
    void SetSize(long size);

    /// <summary>Reserves room, so that a full disk is known before the work. Does nothing where the file system cannot.</summary>
    void Reserve(long size);

    /// <summary>Shares all blocks of <paramref name="source"/> (reflink); false when the two file systems cannot.</summary>
    bool TryClone(IFileReader source);

    /// <summary>Starts to write out what was written so far, without waiting.</summary>
    void StartWriteback();

    /// <summary>Sets the permission bits.</summary>
    void SetMode(int mode);

    /// <summary>Sets owner and group.</summary>
    void SetOwner(uint userId, uint groupId);

    /// <summary>Sets mtime.</summary>
    void SetModified(Timestamp modified);

    /// <summary>Sets one extended attribute.</summary>
    void SetAttribute(ExtendedAttribute attribute);

    /// <summary>Makes the bytes and the metadata of this file durable (fsync).</summary>
    void Sync();

    /// <summary>Metadata of the open file, as it is now.</summary>
    FileStat Stat();
}
