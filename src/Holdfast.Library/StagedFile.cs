using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;

namespace Holdfast.Library;

/// <summary>Bytes in <c>.holdfast/incoming</c>, under a number.</summary>
internal sealed class StagedFile : IStagedContent
{
    private readonly IFolder _incoming;
    private readonly StagedWriter _file;
    private readonly FileSink _sink;

    public StagedFile(IFolder incoming, EntryPath name, MetadataWriter metadata)
    {
        _incoming = incoming;
        Name = name;
        _file = new StagedWriter(incoming, name);
        _sink = new FileSink(incoming, name, _file, LibraryLayout.FileMode, mayClone: true, metadata, _ => IsComplete = true);
    }

    /// <summary>Its name in the folder of what comes in.</summary>
    public EntryPath Name { get; }

    public bool IsComplete { get; private set; }

    /// <summary>True when it has a name in the library now, or was dropped.</summary>
    public bool IsUsedUp { get; set; }

    public void Rest() => _file.Rest();

    public bool TryClone(IFileReader source) => _sink.TryClone(source);

    public ValueTask WriteAsync(long position, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => _sink.WriteAsync(position, bytes, cancellationToken);

    // The owner is whoever keeps the library, and what the client's attributes mean here nobody knows; the record has them.
    public ValueTask CompleteAsync(Entry entry, CancellationToken cancellationToken) => _sink.CompleteAsync(
        entry with { UserId = Owners.CurrentUserId, GroupId = Owners.CurrentGroupId, Attributes = ExtendedAttributes.None, Mode = LibraryLayout.ModeOf(entry) },
        cancellationToken);

    public async ValueTask DisposeAsync()
    {
        try
        {
            await _sink.DisposeAsync();
        }
        catch (FileSystemException e) when (e.IsNotFound)
        {
            // Somebody removed the bytes already.
        }
        Drop();
    }

    /// <summary>Removes the bytes, unless they have a name by now.</summary>
    public void Drop()
    {
        if (!IsComplete || IsUsedUp)
            return;
        IsUsedUp = true;
        _incoming.Remove(Name);
    }
}
