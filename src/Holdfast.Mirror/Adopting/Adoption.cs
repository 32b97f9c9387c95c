using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Sources;
using Holdfast.Core.Targets;
using Holdfast.Mirror.History;
using Holdfast.Mirror.Run;

namespace Holdfast.Mirror.Adopting;

/// <summary>
/// Makes a place of a folder that holds a plain copy: its files become mirror/ by renames, and what they are now the first
/// snapshot. Nothing is copied and nothing goes. Cut off anywhere, another call goes on; the marker comes last.
/// </summary>
internal sealed class Adoption
{
    private readonly IFolder _place;
    private readonly RunRequest _request;
    private readonly SourceFiles _source;
    private readonly VerifyCounters _counters;

    private Adoption(IFolder place, RunRequest request, SourceFiles source, VerifyCounters counters)
    {
        _place = place;
        _request = request;
        _source = source;
        _counters = counters;
    }

    /// <summary>Refuses what does not look like a copy of the source, and would have to be moved.</summary>
    /// <exception cref="HoldfastException">It does not.</exception>
    public static void Require(IFolder place, RunRequest request, CancellationToken cancellationToken)
    {
        using var source = new SourceFiles(request.Sources);
        if (Increment.List(place).Count == 0)
            new CopyToMirror(place, source, string.Join(", ", request.Sources)).Require(cancellationToken);
    }

    /// <summary>Adopts what lies in the folder, which is locked.</summary>
    /// <param name="place">The folder.</param>
    /// <param name="root">What it was before anything was put into it.</param>
    /// <param name="request">Whose place it becomes.</param>
    /// <param name="counters">How far it is.</param>
    /// <param name="cancellationToken">Breaks off.</param>
    public static PlaceMarker Run(IFolder place, FileStat root, RunRequest request, VerifyCounters counters, CancellationToken cancellationToken)
    {
        using var source = new SourceFiles(request.Sources);
        return new Adoption(place, request, source, counters).Run(root, cancellationToken);
    }

    private PlaceMarker Run(FileStat root, CancellationToken cancellationToken)
    {
        // With a history only the marker is missing.
        if (Increment.List(_place).Count == 0)
        {
            new CopyToMirror(_place, _source, string.Join(", ", _request.Sources)).Run(root);
            var traits = PlaceTrial.Run(_place, _place.Traits);
            RemoveUnfinished();
            Record(traits, cancellationToken);
        }
        var marker = new PlaceMarker
        {
            Id = _request.PlaceId ?? PlaceMarker.NewId(),
            Layout = MirrorLayout.Name,
            Client = _request.Client,
            Job = _request.Job,
            Sources = _request.Sources,
            Created = _request.Time,
        };
        marker.Write(_place);
        return marker;
    }

    private void RemoveUnfinished()
    {
        FolderTree.Ensure(_place, MirrorLayout.Increments, 0x1ed);
        using var increments = _place.OpenFolder(MirrorLayout.Increments);
        var listing = increments.List();
        for (var i = 0; i < listing.Count; i++)
            if (listing[i].EndsWith(".tmp"u8))
                FolderTree.Delete(increments, EntryPath.From(listing[i]));
    }

    private void Record(FileSystemTraits traits, CancellationToken cancellationToken)
    {
        using var mirror = _place.OpenFolder(MirrorLayout.Mirror);
        using var increment = new NewIncrement(_place, 1, _request.Time, new FurtherNames(traits.HardLinks), Leftovers.None);
        var entries = new CopyEntries(_place, mirror, traits, _source);
        var sum = new SnapshotStatistics();
        foreach (var (path, stat) in FolderTree.Walk(mirror).Prepend((EntryPath.Root, mirror.Stat(EntryPath.Root))))
        {
            cancellationToken.ThrowIfCancellationRequested();
            _counters.Begin(path);
            var entry = entries.Read(path, stat);
            increment.Write(new Record.RecordLine(ChangeKind.New, entry, null));
            if (entry.Type == EntryType.File && traits.HardLinks)
                increment.Track(mirror, path, path);
            sum = sum with { Entries = sum.Entries + 1, Bytes = sum.Bytes + entry.Size, New = sum.New + 1, BytesAdded = sum.BytesAdded + entry.Size };
            _counters.Read(entry.Size);
            _counters.Done();
        }
        increment.Complete(new Record.IncrementDescription { Number = 1, Time = _request.Time, Client = _request.Client, Job = _request.Job, Tags = _request.Tags.Count == 0 ? null : SnapshotTags.Sorted(_request.Tags), Statistics = sum });
        // Invariant: as in a run, the increment is durable before it has its name.
        _place.Barrier();
        increment.ShareBlocks();
        _place.Barrier();
        increment.Commit();
    }
}
