using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Testing.Folders;

namespace Holdfast.Testing.PowerLoss;

/// <summary>Logs every change to the <see cref="Recording"/> it belongs to. Follows its folder when that is renamed, as an open folder does.</summary>
public sealed class RecordingFolder : FolderDecorator
{
    private readonly Recording _recording;
    private readonly int _node;

    internal RecordingFolder(Recording recording, int node, IFolder inner)
        : base(inner)
    {
        _recording = recording;
        _node = node;
    }

    public override IFolder OpenFolder(EntryPath path) => _recording.Do<IFolder>(() =>
    {
        // First for real: a folder that is not there is the caller's business, with the system's error.
        var folder = Inner.OpenFolder(path);
        return (new RecordingFolder(_recording, _recording.Find(_node, path), folder), null);
    });

    public override IFileWriter CreateFile(EntryPath path, int mode) => _recording.Do<IFileWriter>(() =>
    {
        var writer = Inner.CreateFile(path, mode);
        var create = Created(path, EntryType.File);
        return (new RecordingWriter(_recording, create.Node, writer), create);
    });

    public override IFileWriter ContinueFile(EntryPath path, int mode)
    {
        if (Inner.TryStat(path) is null)
            return CreateFile(path, mode);
        return _recording.Do<IFileWriter>(() => (new RecordingWriter(_recording, _recording.Find(_node, path), Inner.ContinueFile(path, mode)), null));
    }

    public override void CreateFolder(EntryPath path, int mode) => Log(() =>
    {
        Inner.CreateFolder(path, mode);
        return Created(path, EntryType.Folder);
    });

    public override void CreateSymlink(EntryPath path, ReadOnlySpan<byte> target)
    {
        var bytes = target.ToArray();
        Log(() =>
        {
            Inner.CreateSymlink(path, bytes);
            return Created(path, EntryType.Symlink) with { LinkTarget = bytes };
        });
    }

    public override void CreateSpecial(EntryPath path, EntryType type, int mode, DeviceNumber device) => Log(() =>
    {
        Inner.CreateSpecial(path, type, mode, device);
        return Created(path, type) with { Device = device };
    });

    public override void Link(EntryPath path, IFolder toFolder, EntryPath toPath) => Log(() =>
    {
        base.Link(path, toFolder, toPath);
        var to = (RecordingFolder)toFolder;
        return new Operation.Link(Node(path), FolderOf(path), NameOf(path), to.FolderOf(toPath), NameOf(toPath));
    });

    public override void Rename(EntryPath path, IFolder toFolder, EntryPath toPath, bool replace) => Log(() =>
    {
        base.Rename(path, toFolder, toPath, replace);
        var to = (RecordingFolder)toFolder;
        // Between two names of one file a rename does nothing (rename(2)).
        return _recording.TryFind(to._node, toPath) == Node(path)
            ? null
            : new Operation.Rename(Node(path), FolderOf(path), NameOf(path), to.FolderOf(toPath), NameOf(toPath), replace);
    });

    public override void Remove(EntryPath path) => Log(() =>
    {
        Inner.Remove(path);
        return new Operation.Remove(Node(path), FolderOf(path), NameOf(path));
    });

    public override void RemoveFolder(EntryPath path) => Log(() =>
    {
        Inner.RemoveFolder(path);
        return new Operation.Remove(Node(path), FolderOf(path), NameOf(path));
    });

    public override void SetMode(EntryPath path, int mode) => Log(() =>
    {
        Inner.SetMode(path, mode);
        return new Operation.Change(Node(path), new MetadataChange.Mode(mode));
    });

    public override void SetOwner(EntryPath path, uint userId, uint groupId) => Log(() =>
    {
        Inner.SetOwner(path, userId, groupId);
        return new Operation.Change(Node(path), new MetadataChange.Owner(userId, groupId));
    });

    public override void SetModified(EntryPath path, Timestamp modified) => Log(() =>
    {
        Inner.SetModified(path, modified);
        return new Operation.Change(Node(path), new MetadataChange.Modified(modified));
    });

    public override void SetAttribute(EntryPath path, ExtendedAttribute attribute) => Log(() =>
    {
        Inner.SetAttribute(path, attribute);
        return new Operation.Change(Node(path), new MetadataChange.Attribute(attribute.Name, attribute.Value));
    });

    public override void RemoveAttribute(EntryPath path, ReadOnlySpan<byte> name)
    {
        var bytes = name.ToArray();
        Log(() =>
        {
            Inner.RemoveAttribute(path, bytes);
            return new Operation.Change(Node(path), new MetadataChange.Attribute(bytes, null));
        });
    }

    public override void SyncFolder(EntryPath path) => Log(() =>
    {
        if (_recording.ReallySync)
            Inner.SyncFolder(path);
        return new Operation.SyncFolder(Node(path));
    });

    public override void Barrier() => Log(() =>
    {
        if (_recording.ReallySync)
            Inner.Barrier();
        return new Operation.Barrier();
    });

    public override IDisposable? TryLock(EntryPath path, string holder)
    {
        var isNew = _recording.Do<bool>(() => (Inner.TryStat(path) is null, null));
        return _recording.Do<IDisposable?>(() => (Inner.TryLock(path, holder), isNew ? Created(path, EntryType.File) : null));
    }

    private void Log(Func<Operation?> step) => _recording.Do<object?>(() => (null, step()));

    private Operation.Create Created(EntryPath path, EntryType type) =>
        new(_recording.NewNode(), FolderOf(path), NameOf(path), type, DiskImage.Metadata(Inner, path, out _), null, default);

    private int Node(EntryPath path) => _recording.Find(_node, path);

    private int FolderOf(EntryPath path) => _recording.Find(_node, path.Parent);

    private static EntryPath NameOf(EntryPath path) => EntryPath.From(path.Name);
}
