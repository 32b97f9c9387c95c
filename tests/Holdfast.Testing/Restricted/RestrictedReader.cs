using Holdfast.Core.FileSystem;
using Holdfast.Testing.Folders;

namespace Holdfast.Testing.Restricted;

internal sealed class RestrictedReader(RestrictedFolder folder, IFileReader inner) : FileReaderDecorator(inner)
{
    public override FileStat Stat() => folder.Show(Inner.Stat());
}
