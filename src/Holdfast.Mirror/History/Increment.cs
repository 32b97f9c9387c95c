using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;
using Holdfast.Mirror.Record;

namespace Holdfast.Mirror.History;

/// <summary>One committed increment of a place.</summary>
internal sealed record Increment(long Number, string Id)
{
    public EntryPath Folder => MirrorLayout.IncrementFolder(Id);

    /// <summary>The committed increments, oldest first.</summary>
    public static IReadOnlyList<Increment> List(IFolderReader place)
    {
        if (place.TryStat(MirrorLayout.Increments) is not { Type: EntryType.Folder })
            return [];
        using var folder = place.OpenFolder(MirrorLayout.Increments);
        var listing = folder.List();
        var found = new List<Increment>();
        for (var i = 0; i < listing.Count; i++)
            if (MirrorLayout.NumberOf(listing[i]) is { } number)
                found.Add(new Increment(number, System.Text.Encoding.ASCII.GetString(listing[i])));
        found.Sort((a, b) => a.Number.CompareTo(b.Number));
        return found;
    }

    /// <param name="place">The place.</param>
    /// <param name="paths">Lines of paths that it does not accept are passed over; null reads all.</param>
    public RecordReader OpenRecord(IFolderReader place, PathFilter? paths = null)
    {
        var path = Folder.Child(MirrorLayout.Entries.Bytes);
        return new RecordReader(place.OpenFile(path), $"{place.Display}/{path}", paths);
    }

    /// <summary>Where this increment holds the contents of a tracked file.</summary>
    public EntryPath TrackPath(EntryPath path) => path.Under(Folder.Child(MirrorLayout.Track.Bytes));

    public Snapshot Describe(IFolderReader place)
    {
        var description = IncrementDescription.Read(place, Folder);
        return new Snapshot(Id, Number, description.Time, description.Client, description.Job, description.Statistics);
    }
}
