using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Mirror.History;
using Holdfast.Mirror.Verifying;

namespace Holdfast.Mirror.Repairing;

/// <summary>A name under which the place is to hold a content.</summary>
/// <param name="Path">In the place.</param>
/// <param name="Held">The content.</param>
/// <param name="InMirror">True under mirror/, false under track/ of an increment.</param>
internal sealed record HeldName(EntryPath Path, HeldContent Held, bool InMirror)
{
    public ContentId Content => Held.Entry.Content!.Value;

    /// <summary>All of them. Records are in path order; the two names of a current file follow each other.</summary>
    public static IEnumerable<HeldName> All(IFolderReader place, FileSystemTraits traits, IReadOnlyList<Increment> increments, CancellationToken cancellationToken)
    {
        var byNumber = increments.ToDictionary(i => i.Number);
        foreach (var held in HeldContent.All(place, increments, cancellationToken))
        {
            if (held.Entry.Content is null)
                continue;
            if (held.Entry.Tracked && byNumber[held.Increment].TrackPath(place, held.Entry.Path) is var track && IsToBe(track, held))
                yield return new HeldName(track, held, InMirror: false);
            if (held.IsCurrent)
                yield return new HeldName(held.Entry.Path.Under(MirrorLayout.Mirror), held, InMirror: true);
        }

        // Without hard links the newest contents lie in mirror/ alone.
        bool IsToBe(EntryPath track, HeldContent held) => traits.HardLinks || !held.IsCurrent || place.TryStat(track) is not null;
    }

    /// <summary>Equal for names that are to be one inode: those of a current file's link group, in mirror/ and, unless increments have clones, in track/.</summary>
    public (long Increment, EntryPath First) FileIn(FileSystemTraits place)
    {
        var first = Held.Entry.LinkedWith ?? Held.Entry.Path;
        if (!InMirror && place.Reflinks)
            return (Held.Increment, Held.Entry.Path);
        return Held.IsCurrent ? (0, first) : (Held.Increment, first);
    }
}
