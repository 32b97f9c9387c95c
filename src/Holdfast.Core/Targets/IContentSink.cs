using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;

namespace Holdfast.Core.Targets;

/// <summary>Takes the bytes of one file. Disposed without <see cref="CompleteAsync"/>, what was written is dropped.</summary>
public interface IContentSink : IAsyncDisposable
{
    /// <summary>Shares the blocks of the source instead of copying; false when that cannot be. The engine hashes all the same.</summary>
    bool TryClone(IFileReader source);

    /// <summary>The file is open and about to be read: a format that says where the holes are before the bytes looks now.</summary>
    void Prepare(IFileReader source)
    {
    }

    /// <summary>Writes at ascending positions. What is left out is a hole of zeros.</summary>
    ValueTask WriteAsync(long position, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);

    /// <summary>All bytes are there. The entry carries final size, content id and metadata.</summary>
    ValueTask CompleteAsync(Entry entry, CancellationToken cancellationToken);
}
