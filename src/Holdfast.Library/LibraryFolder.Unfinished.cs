using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Library.Unfinished;

namespace Holdfast.Library;

/// <summary>Uploads in parts that outlive the process.</summary>
public sealed partial class LibraryFolder
{
    /// <summary>Uploads that a process before this one left, and somebody may go on with.</summary>
    internal IReadOnlyList<UnfinishedUpload> Unfinished() => UnfinishedUpload.In(_incoming, _time.GetUtcNow());

    /// <summary>Begins bytes that can be gone on with by their id.</summary>
    internal StagedFile ReceiveInParts(string id) => new(_incoming, UnfinishedUpload.BytesOf(id), _metadata);

    /// <summary>Goes on with bytes that are there.</summary>
    internal StagedFile TakeUp(UnfinishedUpload upload) => new(_incoming, UnfinishedUpload.BytesOf(upload.Id), _metadata, _incoming.Stat(UnfinishedUpload.BytesOf(upload.Id)));

    /// <summary>Nobody else holds the lock, so whatever lies here was cut off, and nobody can go on with it but with those uploads.</summary>
    private void SweepIncoming()
    {
        var kept = Unfinished().SelectMany(u => new[] { UnfinishedUpload.BytesOf(u.Id), UnfinishedUpload.LinesOf(u.Id) }).ToHashSet();
        var listing = _incoming.List();
        for (var i = 0; i < listing.Count; i++)
            if (EntryPath.From(listing[i]) is var name && !kept.Contains(name))
                FolderTree.Delete(_incoming, name);
    }
}
