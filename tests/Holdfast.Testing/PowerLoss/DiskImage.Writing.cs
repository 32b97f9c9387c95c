using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;

namespace Holdfast.Testing.PowerLoss;

/// <summary>Making a real folder of an image.</summary>
public sealed partial class DiskImage
{
    private const int Page = 4096;

    /// <summary>
    /// Makes a real folder that holds exactly this image, hard links and holes among it. The folder must be absent or empty.
    /// A folder or file whose mtime the image does not know keeps the time of this call.
    /// </summary>
    public void WriteTo(string path)
    {
        using var folder = LocalFolders.Create(path);
        if (folder.List().Count != 0)
            throw new InvalidOperationException($"'{path}' is not empty.");
        WriteFolder(Root, folder, folder, EntryPath.Root, []);
        WriteMetadata(_nodes[Root], folder, EntryPath.Root);
    }

    private void WriteFolder(int number, IFolder folder, IFolder root, EntryPath path, Dictionary<int, EntryPath> linked)
    {
        foreach (var (name, child) in _nodes[number].Names)
        {
            var node = _nodes[child];
            if (linked.TryGetValue(child, out var first))
            {
                root.Link(first, folder, name);
                continue;
            }
            Create(node, folder, name);
            if (node.Type == EntryType.Folder)
            {
                using var below = folder.OpenFolder(name);
                WriteFolder(child, below, root, path.Child(name.Bytes), linked);
            }
            else
            {
                linked.Add(child, path.Child(name.Bytes));
            }
            WriteMetadata(node, folder, name);
        }
    }

    private static void Create(DiskNode node, IFolder folder, EntryPath name)
    {
        switch (node.Type)
        {
            case EntryType.File:
                using (var writer = folder.CreateFile(name, 0x180)) // 0600
                    WriteBytes(node, writer);
                break;
            case EntryType.Folder:
                folder.CreateFolder(name, 0x1c0); // 0700
                break;
            case EntryType.Symlink:
                folder.CreateSymlink(name, node.LinkTarget);
                break;
            default:
                folder.CreateSpecial(name, node.Type, 0x180, node.Device);
                break;
        }
    }

    private static void WriteBytes(DiskNode node, IFileWriter writer)
    {
        var data = node.Data;
        if (!data.IsEmpty)
            writer.SetSize(data.Length);
        for (var at = 0; at < data.Length;)
        {
            var end = at;
            while (end < data.Length && data.Slice(end, Math.Min(Page, data.Length - end)).ContainsAnyExcept((byte)0))
                end += Math.Min(Page, data.Length - end);
            if (end > at)
                writer.Write(at, data[at..end]);
            at = end + Page;
        }
    }

    private static void WriteMetadata(DiskNode node, IFolder folder, EntryPath name)
    {
        foreach (var change in node.Metadata)
            change.ApplyTo(folder, name, node.Type == EntryType.Symlink);
        if (node.Modified is { } modified)
            folder.SetModified(name, modified);
    }
}
