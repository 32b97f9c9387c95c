using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Library.Index;

namespace Holdfast.Library.Run;

/// <summary>A library as a dry run sees it: nothing is locked and nothing is written. Without a place, an empty one.</summary>
internal sealed class LibraryView : ILibrary
{
    private readonly IFolder? _place;
    private readonly LibraryIndex _files;
    private readonly LibraryIndex _names = LibraryIndex.InMemory();

    public LibraryView(string name, string id, IFolder? place, LibraryIndex files)
    {
        Name = name;
        Id = id;
        _place = place;
        _files = files;
        if (place is not null)
            new LibraryRecord(place, _names).CatchUp();
    }

    public string Name { get; }

    public string Id { get; }

    public long TimeResolution => _place?.Traits.TimeResolution ?? 1;

    public Task<IReadOnlyList<Presence>> AskAsync(IReadOnlyList<ContentId> contents, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Presence>>([.. contents.Select(PresenceOf)]);

    public bool MayHoldSize(long size) => true;

    public Task<IReadOnlyList<Entry>> NamesAsync(string client, string job, EntryPath? after, CancellationToken cancellationToken) =>
        Task.FromResult(_names.NamesAfter(client, job, after));

    public Task<IStagedContent> ReceiveAsync(Entry entry, CancellationToken cancellationToken) => throw new InvalidOperationException("A dry run writes nothing.");

    public Task<IReadOnlyList<Kept>> KeepAsync(IReadOnlyList<Arrival> group, CancellationToken cancellationToken) => throw new InvalidOperationException("A dry run writes nothing.");

    public Task<IFileReader?> OpenAsync(ContentId content, CancellationToken cancellationToken) => Task.FromResult<IFileReader?>(null);

    public ValueTask DisposeAsync()
    {
        _files.Dispose();
        _names.Dispose();
        _place?.Dispose();
        return ValueTask.CompletedTask;
    }

    private Presence PresenceOf(ContentId content)
    {
        if (_place is not null && new Contents(_place, _files).Find(content) is { } path)
            return new Presence(PresenceKind.Held, path);
        return _names.IsDeleted(content) ? Presence.Deleted : Presence.Missing;
    }
}
