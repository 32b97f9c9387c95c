using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;

namespace Holdfast.Library.Run;

/// <summary>A staged content in the engine's hands: completed, it belongs to the run.</summary>
internal sealed class ReceivedContent(IStagedContent staged, Action<Entry> received) : IContentSink
{
    private bool _complete;

    public bool TryClone(IFileReader source) => staged.TryClone(source);

    public ValueTask WriteAsync(long position, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => staged.WriteAsync(position, bytes, cancellationToken);

    public async ValueTask CompleteAsync(Entry entry, CancellationToken cancellationToken)
    {
        await staged.CompleteAsync(entry, cancellationToken);
        _complete = true;
        received(entry);
    }

    public ValueTask DisposeAsync() => _complete ? ValueTask.CompletedTask : staged.DisposeAsync();
}
