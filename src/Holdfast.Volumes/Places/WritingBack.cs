using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;

namespace Holdfast.Volumes.Places;

/// <summary>Starts writing out in steps, so that the disk works while the next bytes are read and compressed. The file is its owner's to close.</summary>
internal sealed class WritingBack(IFileWriter file, long step) : IFileWriter
{
    private long _end;

    public void Write(long position, ReadOnlySpan<byte> bytes)
    {
        file.Write(position, bytes);
        if ((position + bytes.Length) / step == _end / step)
            return;
        _end = position + bytes.Length;
        file.StartWriteback();
    }

    public void SetSize(long size) => file.SetSize(size);

    public void Reserve(long size) => file.Reserve(size);

    public bool TryClone(IFileReader source) => false;

    public void StartWriteback() => file.StartWriteback();

    public void SetMode(int mode) => file.SetMode(mode);

    public void SetOwner(uint userId, uint groupId) => file.SetOwner(userId, groupId);

    public void SetModified(Timestamp modified) => file.SetModified(modified);

    public void SetAttribute(ExtendedAttribute attribute) => file.SetAttribute(attribute);

    public void Sync() => file.Sync();

    public FileStat Stat() => file.Stat();

    public void Dispose()
    {
    }
}
