using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;
using Holdfast.Mirror.History;

namespace Holdfast.Mirror.Verifying;

/// <summary>A content that an increment brought and that the place is to hold.</summary>
/// <param name="Increment">Its number.</param>
/// <param name="Entry">The file with the newest metadata this content has.</param>
/// <param name="Brought">Its time when it came: a clone keeps that, a hard link has the newest.</param>
/// <param name="IsCurrent">True when the newest snapshot lists it: then it lies in mirror/ too.</param>
/// <param name="Until">The number of the first snapshot that has another version; null for a current one.</param>
internal sealed record HeldContent(long Increment, Entry Entry, Timestamp Brought, bool IsCurrent, long? Until)
{
    /// <summary>All of a place in path order. Untracked ones only while they are current: nobody keeps them longer.</summary>
    public static IEnumerable<HeldContent> All(IFolderReader place, IReadOnlyList<Increment> increments, CancellationToken cancellationToken)
    {
        foreach (var history in RecordMerge.Histories(place, increments, cancellationToken))
            for (var i = 0; i < history.Newest.Count; i++)
                if (history.Newest[i].Line is { BringsContent: true, Entry.Type: EntryType.File } && At(history, i) is { } held)
                    yield return held;
    }

    private static HeldContent? At(PathHistory history, int brought)
    {
        var newest = brought;
        while (newest > 0 && history.Newest[newest - 1].Line is { BringsContent: false, Kind: not ChangeKind.Deleted })
            newest--;
        var (number, line) = history.Newest[brought];
        if (newest > 0 && !line.Entry.Tracked)
            return null;
        return new HeldContent(number, history.Newest[newest].Line.Entry with { Tracked = line.Entry.Tracked }, line.Entry.Modified, newest == 0, newest == 0 ? null : history.Newest[newest - 1].Number);
    }
}
