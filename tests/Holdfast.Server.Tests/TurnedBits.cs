using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Testing.Folders;

namespace Holdfast.Server.Tests;

/// <summary>A disk that gives back other bytes than were written, once it has gone bad; sizes and times are as they were.</summary>
internal sealed class TurnedBits(IFolder inner, Func<bool> isBad) : FolderDecorator(inner)
{
    public override IFolder OpenFolder(EntryPath path) => new TurnedBits(Inner.OpenFolder(path), isBad);

    public override IFileReader OpenFile(EntryPath path) => isBad() ? new Reader(Inner.OpenFile(path)) : Inner.OpenFile(path);

    private sealed class Reader(IFileReader inner) : FileReaderDecorator(inner)
    {
        public override int Read(long position, Span<byte> buffer)
        {
            var read = Inner.Read(position, buffer);
            if (position == 0 && read > 0)
                buffer[0] ^= 1;
            return read;
        }
    }
}
