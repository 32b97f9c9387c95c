using Holdfast.Core.Model;

namespace Holdfast.Core.FileSystem;

/// <summary>A second entry with the contents and metadata of a first one of the same place; not for folders.</summary>
public static class FileCopy
{
    private const int BlockSize = 1024 * 1024;
    private const int OwnerOnly = 0x180;

    // What could not be set was said of the first file.
    private static readonly MetadataWriter Metadata = new(new Remarks());

    /// <summary>Makes it; holes stay holes, and blocks are shared where the place can. No file is left behind when it fails.</summary>
    public static void Make(IFolder folder, EntryPath path, IFolder toFolder, EntryPath toPath)
    {
        if (folder.Stat(path) is { Type: EntryType.File })
            MakeFile(folder, path, toFolder, toPath);
        else
            MakeNode(folder, path, toFolder, toPath);
    }

    private static void MakeNode(IFolder folder, EntryPath path, IFolder toFolder, EntryPath toPath)
    {
        var stat = folder.Stat(path);
        var entry = Describe(toPath, stat, folder.ReadAttributes(path)) with
        {
            LinkTarget = stat.Type == EntryType.Symlink ? folder.ReadSymlink(path) : null,
            Device = stat.Special,
        };
        Node.Create(toFolder, toPath, entry);
        Metadata.Apply(toFolder, toPath, entry);
    }

    private static void MakeFile(IFolder folder, EntryPath path, IFolder toFolder, EntryPath toPath)
    {
        using var original = folder.OpenFile(path);
        var stat = original.Stat();
        using var copy = toFolder.CreateFile(toPath, OwnerOnly);
        try
        {
            if (!copy.TryClone(original))
                CopyBytes(original, copy, stat);
            Metadata.ApplyToNew(copy, Describe(toPath, stat, original.ReadAttributes()), OwnerOnly);
        }
        catch
        {
            toFolder.Remove(toPath);
            throw;
        }
    }

    private static Entry Describe(EntryPath path, in FileStat stat, ExtendedAttributes attributes) => new()
    {
        Path = path,
        Type = stat.Type,
        Size = stat.Size,
        Modified = stat.Modified,
        Mode = stat.Mode,
        UserId = stat.UserId,
        GroupId = stat.GroupId,
        Attributes = attributes,
    };

    /// <summary>Copies the bytes of an open file into a new one; holes stay holes.</summary>
    /// <exception cref="IOException">It became shorter meanwhile, or one of the two failed.</exception>
    public static void CopyBytes(IFileReader from, IFileWriter to) => CopyBytes(from, to, from.Stat());

    private static void CopyBytes(IFileReader from, IFileWriter to, in FileStat stat)
    {
        var buffer = new byte[Math.Min(BlockSize, Math.Max(stat.Size, 1))];
        var position = 0L;
        while (position < stat.Size && (stat.IsSparse ? from.NextData(position, stat.Size) : (position, stat.Size)) is var (start, end))
        {
            for (position = start; position < end;)
            {
                var count = from.Read(position, buffer.AsSpan(0, (int)Math.Min(buffer.Length, end - position)));
                if (count == 0)
                    throw new IOException("A file of the place became shorter while it was copied.");
                to.Write(position, buffer.AsSpan(0, count));
                position += count;
            }
        }
        if (stat.IsSparse)
            to.SetSize(stat.Size);
    }
}
