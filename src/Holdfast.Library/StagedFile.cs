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

    /// <param name="incoming">The folder of what comes in.</param>
    /// <param name="name">Its name there.</param>
    /// <param name="metadata">Sets metadata.</param>
    /// <param name="there">What it is when a process before this one began it; null for a new one.</param>
    public StagedFile(IFolder incoming, EntryPath name, MetadataWriter metadata, FileStat? there = null)
    {
        _incoming = incoming;
        Name = name;
        _file = new StagedWriter(incoming, name, there);
        _sink = new FileSink(incoming, name, _file, LibraryLayout.FileMode, mayClone: true, metadata, _ => IsComplete = true);
    }

    /// <summary>Its name in the folder of what comes in.</summary>
    public EntryPath Name { get; }

    public bool IsComplete { get; private set; }

    /// <summary>True when it has a name in the library now, or was dropped.</summary>
    public bool IsUsedUp { get; set; }

    public void Rest() => _file.Rest();

    /// <summary>Makes the bytes durable that are there.</summary>
    public void Sync() => _file.Sync();

    /// <summary>Drops what lies behind a position.</summary>
    public void CutAt(long size)
    {
        if (_file.Stat().Size != size)
            _file.SetSize(size);
    }

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
