using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;

namespace Holdfast.Library;

/// <summary>
/// A file of what comes in, open only while somebody writes to it: thousands of uploads may wait for their next part at once,
/// and a process may have only so many files open.
/// </summary>
/// <param name="incoming">The folder of what comes in.</param>
/// <param name="name">The file's name there.</param>
/// <param name="there">What it is when it is there already; null for a new one.</param>
internal sealed class StagedWriter(IFolder incoming, EntryPath name, FileStat? there = null) : IFileWriter
{
    private IFileWriter? _file = there is null ? incoming.CreateFile(name, LibraryLayout.FileMode) : null;
    private FileStat _rested = there ?? default;

    private IFileWriter Opened => _file ??= Reopen();

    /// <summary>Closes the file until it is needed again.</summary>
    public void Rest()
    {
        if (_file is null)
            return;
        _rested = _file.Stat();
        Dispose();
    }

    public void Write(long position, ReadOnlySpan<byte> bytes) => Opened.Write(position, bytes);

    public void SetSize(long size) => Opened.SetSize(size);

    public void Reserve(long size) => Opened.Reserve(size);

    public bool TryClone(IFileReader source) => Opened.TryClone(source);

    public void StartWriteback() => Opened.StartWriteback();

    public void SetMode(int mode) => Opened.SetMode(mode);

    public void SetOwner(uint userId, uint groupId) => Opened.SetOwner(userId, groupId);

    public void SetModified(Timestamp modified) => Opened.SetModified(modified);

    public void SetAttribute(ExtendedAttribute attribute) => Opened.SetAttribute(attribute);

    public void Sync() => Opened.Sync();

    public FileStat Stat() => Opened.Stat();

    public void Dispose()
    {
        _file?.Dispose();
        _file = null;
    }

    /// <summary>Invariant: what was written before is still there, so no hole takes its place.</summary>
    private IFileWriter Reopen()
    {
        if (incoming.TryStat(name) is not { Type: EntryType.File } now || now.Inode != _rested.Inode || now.Size != _rested.Size)
            throw new FileSystemException("go on with", $"{incoming.Display}/{name}", Errno.NotFound);
        return incoming.ContinueFile(name, LibraryLayout.FileMode);
    }
}
