using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;

namespace Holdfast.Mirror.Run;

/// <summary>
/// When the disk is full, what an interrupted run left behind goes, and the step is tried once more: after a run that did not
/// fit the disk is full of just that.
/// </summary>
internal sealed class RoomMakingSink(IContentSink inner, Leftovers leftovers) : IContentSink
{
    /// <summary>Opens a sink in the same way.</summary>
    public static IContentSink Open(Func<IContentSink> open, Leftovers leftovers)
    {
        if (leftovers.Count == 0)
            return open();
        try
        {
            return new RoomMakingSink(open(), leftovers);
        }
        catch (FileSystemException e) when (e.IsNoSpace && leftovers.GiveUp())
        {
            return open();
        }
    }

    public bool TryClone(IFileReader source) => inner.TryClone(source);

    public async ValueTask WriteAsync(long position, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            await inner.WriteAsync(position, bytes, cancellationToken);
        }
        catch (FileSystemException e) when (e.IsNoSpace && leftovers.GiveUp())
        {
            await inner.WriteAsync(position, bytes, cancellationToken);
        }
    }

    public ValueTask CompleteAsync(Entry entry, CancellationToken cancellationToken) => inner.CompleteAsync(entry, cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
