using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;

namespace Holdfast.Mirror.Run;

/// <summary>Says of a file that the place cannot hold, one larger than its file system takes for example, that it is just that.</summary>
internal sealed class HoldingSink(IContentSink inner) : IContentSink
{
    public bool TryClone(IFileReader source) => inner.TryClone(source);

    public ValueTask WriteAsync(long position, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
        DoAsync(() => inner.WriteAsync(position, bytes, cancellationToken));

    public ValueTask CompleteAsync(Entry entry, CancellationToken cancellationToken) => DoAsync(() => inner.CompleteAsync(entry, cancellationToken));

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private static async ValueTask DoAsync(Func<ValueTask> step)
    {
        try
        {
            await step();
        }
        catch (FileSystemException e) when (Unholdable.Is(e, EntryType.File))
        {
            throw Unholdable.Because(e);
        }
    }
}
