using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Testing.Folders;

namespace Holdfast.Mirror.Tests.PowerLoss;

/// <summary>Swallows every barrier. A proof that cannot tell this from the real thing proves nothing.</summary>
internal sealed class BarrierlessFolder(IFolder inner) : FolderDecorator(inner)
{
    public override IFolder OpenFolder(EntryPath path) => new BarrierlessFolder(Inner.OpenFolder(path));

    public override void Barrier()
    {
    }
}
