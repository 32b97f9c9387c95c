using Holdfast.Core.Model;

namespace Holdfast.Server.Dav;

/// <summary>A file or folder as WebDAV shows it.</summary>
/// <param name="Path">Below the share.</param>
/// <param name="IsFolder">Whether it is a folder.</param>
/// <param name="Size">Bytes of a file.</param>
/// <param name="Modified">Its time.</param>
internal sealed record DavNode(EntryPath Path, bool IsFolder, long Size, Timestamp Modified)
{
    public static DavNode Of(Entry entry) => new(entry.Path, entry.Type == EntryType.Folder, entry.Size, entry.Modified);

    public static DavNode Folder(EntryPath path) => new(path, IsFolder: true, 0, new Timestamp(0, 0));
}
