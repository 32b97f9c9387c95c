using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Testing.Folders;

namespace Holdfast.Testing.PowerLoss;

internal sealed class RecordingWriter(Recording recording, int node, IFileWriter inner) : FileWriterDecorator(inner)
{
    public override void Write(long position, ReadOnlySpan<byte> bytes)
    {
        var copy = bytes.ToArray();
        Log(() => Inner.Write(position, copy), new Operation.Write(node, position, copy, IsClone: false));
    }

    public override void SetSize(long size) => Log(() => Inner.SetSize(size), new Operation.SetSize(node, size));

    public override bool TryClone(IFileReader source) => recording.Do(() =>
    {
        if (!base.TryClone(source))
            return (false, null);
        var bytes = new byte[source.Stat().Size];
        var length = source.Read(0, bytes);
        return (true, (Operation?)new Operation.Write(node, 0, bytes[..length], IsClone: true));
    });

    public override void SetMode(int mode) => Log(() => Inner.SetMode(mode), new Operation.Change(node, new MetadataChange.Mode(mode)));

    public override void SetOwner(uint userId, uint groupId) =>
        Log(() => Inner.SetOwner(userId, groupId), new Operation.Change(node, new MetadataChange.Owner(userId, groupId)));

    public override void SetModified(Timestamp modified) =>
        Log(() => Inner.SetModified(modified), new Operation.Change(node, new MetadataChange.Modified(modified)));

    public override void SetAttribute(ExtendedAttribute attribute) =>
        Log(() => Inner.SetAttribute(attribute), new Operation.Change(node, new MetadataChange.Attribute(attribute.Name, attribute.Value)));

    public override void Sync() => Log(() =>
    {
        if (recording.ReallySync)
            Inner.Sync();
    }, new Operation.SyncFile(node));

    private void Log(Action action, Operation operation) => recording.Do<object?>(() =>
    {
        action();
        return (null, operation);
    });
}
