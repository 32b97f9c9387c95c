using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Sources;
using Holdfast.Core.Targets;

namespace Holdfast.Mirror.Adopting;

/// <summary>
/// Brings a copy under the name mirror/. It lies there already, or directly in the folder: then every name moves into
/// <c>.holdfast/adopting</c>, which is renamed when it has all of them.
/// </summary>
internal sealed class CopyToMirror(IFolder place, SourceFiles source, string sources)
{
    /// <exception cref="HoldfastException">It would have to be moved, and does not look like a copy of the source.</exception>
    public void Require(CancellationToken cancellationToken)
    {
        if (!IsBegun && !LiesThere())
            RequireLikeSource(cancellationToken);
    }

    /// <param name="root">The folder as it was before.</param>
    public void Run(FileStat root)
    {
        if (IsBegun || !LiesThere())
            Move(root);
    }

    private bool IsBegun => place.TryStat(MirrorLayout.Adopting) is not null;

    private bool LiesThere() =>
        Names().Select(n => n.ToString()).Except(["increments"], StringComparer.Ordinal).ToList() is ["mirror"]
        && place.TryStat(MirrorLayout.Mirror) is { Type: EntryType.Folder }
        && source.TryStat(MirrorLayout.Mirror) is null;

    private List<EntryPath> Names()
    {
        var listing = place.List();
        return [.. Enumerable.Range(0, listing.Count).Select(i => EntryPath.From(listing[i])).Where(n => n != PlaceMarker.Folder && !n.Name.SequenceEqual("lost+found"u8))];
    }

    /// <summary>All that lies here is about to be moved; so somebody's only folder of something else must not be taken for a copy.</summary>
    private void RequireLikeSource(CancellationToken cancellationToken)
    {
        long files = 0, known = 0;
        foreach (var (path, stat) in FolderTree.Walk(place))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (stat.Type == EntryType.Folder || path.IsAtOrUnder(PlaceMarker.Folder))
                continue;
            files++;
            known += source.TryStat(path) is null ? 0 : 1;
        }
        if (known * 2 < files || files == 0)
            throw new HoldfastException(
                ErrorKind.NoPlace,
                $"'{place.Display}' does not look like a copy of {sources}: of its {files:N0} files {known:N0} are there under the same path.",
                $"If it is one all the same, move it to '{place.Display}/mirror' yourself and type the command again.");
    }

    private void Move(FileStat root)
    {
        var isNew = !IsBegun;
        FolderTree.Ensure(place, MirrorLayout.Adopting, MirrorLayout.FolderMode);
        // Invariant: the folder that names move into is there for good before the first of them does.
        place.SyncFolder(PlaceMarker.Folder);
        place.SyncFolder(EntryPath.Root);
        foreach (var name in Names())
            place.Rename(name, place, MirrorLayout.Adopting.Child(name.Bytes), replace: false);
        if (isNew)
            Give(root);
        // Invariant: every name is below the new folder for good before that has its own.
        place.SyncFolder(MirrorLayout.Adopting);
        place.SyncFolder(EntryPath.Root);
        place.Rename(MirrorLayout.Adopting, place, MirrorLayout.Mirror, replace: false);
        place.SyncFolder(PlaceMarker.Folder);
        place.SyncFolder(EntryPath.Root);
    }

    /// <summary>The folder of the copy stands for the source's own.</summary>
    private void Give(FileStat root) => new MetadataWriter(new Remarks(), MirrorLayout.ModeInMirror).Apply(place, MirrorLayout.Adopting, new Entry
    {
        Path = EntryPath.Root,
        Type = EntryType.Folder,
        Modified = root.Modified,
        Mode = root.Mode,
        UserId = root.UserId,
        GroupId = root.GroupId,
    });
}
