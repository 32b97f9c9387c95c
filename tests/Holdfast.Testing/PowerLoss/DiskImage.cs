using Holdfast.Core.Model;

namespace Holdfast.Testing.PowerLoss;

/// <summary>A file system in memory, as inodes: what a disk holds. Cheap to fork.</summary>
public sealed partial class DiskImage
{
    internal const int Root = 0;

    private readonly Dictionary<int, DiskNode> _nodes;

    internal DiskImage() => _nodes = new() { [Root] = new DiskNode(this, EntryType.Folder) };

    private DiskImage(DiskImage other) => _nodes = new(other._nodes);

    /// <summary>How many inodes it knows, among them those without a name.</summary>
    internal int NodeCount => _nodes.Count;

    internal DiskImage Fork() => new(this);

    internal DiskNode Node(int number) => _nodes[number];

    internal int? Find(int folder, EntryPath path)
    {
        foreach (var range in path.Bytes.Split((byte)'/'))
        {
            if (path.IsRoot)
                break;
            if (!_nodes[folder].Names.TryGetValue(EntryPath.From(path.Bytes[range]), out var next))
                return null;
            folder = next;
        }
        return folder;
    }

    /// <summary>Carries out an operation, unless that is impossible because one it builds on was lost.</summary>
    /// <param name="forced">The operation was made durable by a sync, so it is on the disk whatever was lost before it.</param>
    internal void Apply(Operation operation, Fate fate, bool forced)
    {
        switch (operation)
        {
            case Operation.Create create:
                // Without its name the inode is still there for the writes that follow; nobody will find it.
                Add(create);
                if (fate.IsKept && (forced || !_nodes[create.Folder].Names.ContainsKey(create.Name)))
                    SetName(create.Folder, create.Name, create.Node);
                break;
            case Operation.OfNames names when fate.IsKept:
                ApplyNames(names, forced);
                break;
            case Operation.Write write when fate.IsKept:
                ApplyWrite(write, fate);
                break;
            case Operation.SetSize size when fate.IsKept:
                Own(size.Node).SetSize(size.Size);
                break;
            case Operation.Change change when fate.IsKept:
                Own(change.Node).Change(change.What);
                break;
        }
    }

    internal int Add(EntryType type, byte[]? linkTarget, DeviceNumber device)
    {
        var number = _nodes.Count;
        _nodes[number] = new DiskNode(this, type) { LinkTarget = linkTarget, Device = device };
        return number;
    }

    internal DiskNode Own(int number)
    {
        var node = _nodes[number];
        if (node.Owner == this)
            return node;
        node = node.CopyFor(this);
        _nodes[number] = node;
        return node;
    }

    private void Add(Operation.Create create)
    {
        var node = new DiskNode(this, create.Type) { LinkTarget = create.LinkTarget, Device = create.Device };
        node.Metadata.AddRange(create.Metadata);
        _nodes[create.Node] = node;
    }

    private void ApplyNames(Operation.OfNames operation, bool forced)
    {
        switch (operation)
        {
            case Operation.Link link when forced || (Has(link.FromFolder, link.FromName, link.Node) && !_nodes[link.Folder].Names.ContainsKey(link.Name)):
                SetName(link.Folder, link.Name, link.Node);
                break;
            case Operation.Rename rename when forced || (Has(rename.FromFolder, rename.FromName, rename.Node) && CanReplace(rename)):
                if (Has(rename.FromFolder, rename.FromName, rename.Node))
                    RemoveName(rename.FromFolder, rename.FromName);
                else
                    RemoveAnyName(rename.Node); // An earlier rename of it was lost; a rename never leaves two names.
                SetName(rename.Folder, rename.Name, rename.Node);
                break;
            case Operation.Remove remove when Has(remove.Folder, remove.Name, remove.Node) && (forced || _nodes[remove.Node].Names.Count == 0):
                RemoveName(remove.Folder, remove.Name);
                break;
        }
    }

    private void ApplyWrite(Operation.Write write, Fate fate)
    {
        var node = Own(write.Node);
        if (fate.IsZeros)
        {
            var end = write.Position + write.Bytes.Length;
            if (end > node.Size)
                node.SetSize(end);
        }
        else
        {
            node.Write(write.Position, write.Bytes.AsSpan(0, (int)(write.Bytes.Length * fate.Torn)));
        }
    }

    private bool CanReplace(Operation.Rename rename)
    {
        if (_nodes[rename.Node].Type == EntryType.Folder && IsAtOrUnder(rename.Folder, rename.Node))
            return false;
        if (!_nodes[rename.Folder].Names.TryGetValue(rename.Name, out var existing))
            return true;
        return rename.Replace
            && _nodes[existing].Names.Count == 0
            && (_nodes[existing].Type == EntryType.Folder) == (_nodes[rename.Node].Type == EntryType.Folder);
    }

    private bool IsAtOrUnder(int node, int folder) => node == folder || _nodes[folder].Names.Values.Any(child => IsAtOrUnder(node, child));

    private bool Has(int folder, EntryPath name, int node) => _nodes[folder].Names.TryGetValue(name, out var found) && found == node;

    private void SetName(int folder, EntryPath name, int node)
    {
        var owned = Own(folder);
        owned.Names[name] = node;
        owned.Modified = null;
    }

    private void RemoveName(int folder, EntryPath name)
    {
        var owned = Own(folder);
        owned.Names.Remove(name);
        owned.Modified = null;
    }

    private void RemoveAnyName(int node)
    {
        foreach (var (number, folder) in _nodes)
            foreach (var (name, child) in folder.Names)
                if (child == node)
                {
                    RemoveName(number, name);
                    return;
                }
    }
}
