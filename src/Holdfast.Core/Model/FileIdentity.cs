namespace Holdfast.Core.Model;

/// <summary>How a file system tells one file from another. Good for finding renames and edits that kept size and time; never proof.</summary>
/// <param name="Device">Number of the file system.</param>
/// <param name="Inode">Number of the file on it.</param>
/// <param name="Born">Birth time, where the file system keeps one.</param>
/// <param name="Changed">ctime.</param>
public sealed record FileIdentity(ulong Device, ulong Inode, Timestamp? Born, Timestamp Changed)
{
    /// <summary>True when both name one file, wherever it lies now: ctime changes with a rename and does not count.</summary>
    public bool IsSameFile(FileIdentity other) => Device == other.Device && Inode == other.Inode && Born == other.Born;
}
