using System.Security.Cryptography;
using System.Text;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;

namespace Holdfast.Testing.PowerLoss;

/// <summary>Looking at an image, and taking one of a real folder.</summary>
public sealed partial class DiskImage
{
    /// <summary>Takes an image of a real folder with everything in it.</summary>
    public static DiskImage Of(IFolder folder)
    {
        var image = new DiskImage();
        image.ReadMetadata(Root, folder, EntryPath.Root);
        image.ReadFolder(Root, folder, []);
        return image;
    }

    /// <summary>True when there is something at the path.</summary>
    public bool Exists(string path) => Find(Root, EntryPath.From(path)) is not null;

    /// <summary>The bytes of a file, or null when it is not there.</summary>
    public byte[]? Read(string path) => Find(Root, EntryPath.From(path)) is { } node ? _nodes[node].Data.ToArray() : null;

    /// <summary>All paths, in path order, with what lies there.</summary>
    public IEnumerable<(EntryPath Path, EntryType Type)> Paths() => Walk(Root, EntryPath.Root).Select(at => (at.Path, _nodes[at.Node].Type));

    /// <summary>A name for everything the image holds: two images with one fingerprint are materialised to equal trees.</summary>
    public string Fingerprint()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var seen = new Dictionary<int, int>();
        foreach (var (path, number) in Walk(Root, EntryPath.Root).Prepend((EntryPath.Root, Root)))
        {
            var node = _nodes[number];
            hash.AppendData(path.NulTerminated);
            var known = seen.TryGetValue(number, out var first);
            seen.TryAdd(number, seen.Count);
            var metadata = string.Join('|', node.Metadata);
            hash.AppendData(Encoding.UTF8.GetBytes($"{(known ? first : -1)} {node.Type} {node.Device} {node.Modified} {node.Size} {metadata.Length} {metadata}\n"));
            hash.AppendData(node.LinkTarget ?? []);
            if (!known)
                hash.AppendData(node.Data);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private IEnumerable<(EntryPath Path, int Node)> Walk(int folder, EntryPath path)
    {
        foreach (var (name, node) in _nodes[folder].Names.OrderBy(pair => pair.Key))
        {
            var child = path.Child(name.Bytes);
            yield return (child, node);
            foreach (var below in Walk(node, child))
                yield return below;
        }
    }

    private void ReadFolder(int number, IFolder folder, Dictionary<(ulong, ulong), int> linked)
    {
        var listing = folder.List();
        for (var i = 0; i < listing.Count; i++)
        {
            var name = EntryPath.From(listing[i]);
            var stat = folder.Stat(name);
            if (stat.Type != EntryType.Folder && linked.TryGetValue((stat.Device, stat.Inode), out var known))
            {
                _nodes[number].Names.Add(name, known);
                continue;
            }
            var child = Add(stat.Type, stat.Type == EntryType.Symlink ? folder.ReadSymlink(name) : null, stat.Special);
            _nodes[number].Names.Add(name, child);
            if (stat.Type != EntryType.Folder && stat.Links > 1)
                linked[(stat.Device, stat.Inode)] = child;
            if (stat.Type == EntryType.File)
                ReadBytes(child, folder, name);
            ReadMetadata(child, folder, name);
            if (stat.Type == EntryType.Folder)
            {
                using var below = folder.OpenFolder(name);
                ReadFolder(child, below, linked);
            }
        }
    }

    private void ReadBytes(int number, IFolder folder, EntryPath name)
    {
        using var reader = folder.OpenFile(name);
        var bytes = new byte[reader.Stat().Size];
        var length = reader.Read(0, bytes);
        _nodes[number].Write(0, bytes.AsSpan(0, length));
    }

    private void ReadMetadata(int number, IFolder folder, EntryPath path)
    {
        var node = _nodes[number];
        node.Metadata.Clear();
        node.Metadata.AddRange(Metadata(folder, path, out var modified));
        node.Modified = modified;
    }

    internal static List<MetadataChange> Metadata(IFolder folder, EntryPath path, out Timestamp modified)
    {
        var stat = folder.Stat(path);
        modified = stat.Modified;
        var changes = new List<MetadataChange> { new MetadataChange.Owner(stat.UserId, stat.GroupId), new MetadataChange.Mode(stat.Mode) };
        foreach (var attribute in folder.ReadAttributes(path).Items)
            changes.Add(new MetadataChange.Attribute(attribute.Name, attribute.Value));
        return changes;
    }
}
