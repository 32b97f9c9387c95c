using System.Collections.Concurrent;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Testing.Folders;

namespace Holdfast.Server.Tests;

/// <summary>A source whose files somebody edits between two looks at them.</summary>
/// <param name="inner">The real one.</param>
/// <param name="opened">Is asked for the reader of a file that was opened for the n-th time.</param>
/// <param name="counts">How often each file was opened.</param>
/// <param name="at">Its path in the source.</param>
internal sealed class EditedFolder(IFolder inner, Func<EntryPath, int, IFileReader, IFileReader> opened, ConcurrentDictionary<EntryPath, int>? counts = null, EntryPath at = default) : FolderDecorator(inner)
{
    private readonly ConcurrentDictionary<EntryPath, int> _counts = counts ?? new();

    public override IFolder OpenFolder(EntryPath path) => new EditedFolder(Inner.OpenFolder(path), opened, _counts, path.Under(at));

    public override IFileReader OpenFile(EntryPath path)
    {
        var full = path.Under(at);
        return opened(full, _counts.AddOrUpdate(full, 1, (_, n) => n + 1), Inner.OpenFile(path));
    }
}

/// <summary>A file with other bytes than it has, and nothing that tells.</summary>
internal sealed class OtherBytes(IFileReader inner, byte[] bytes) : FileReaderDecorator(inner)
{
    public override int Read(long position, Span<byte> buffer)
    {
        var count = (int)Math.Clamp(bytes.Length - position, 0, buffer.Length);
        bytes.AsSpan((int)position, count).CopyTo(buffer);
        return count;
    }
}
