using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;
using Holdfast.Mirror.Forgetting;
using Holdfast.Mirror.Record;

namespace Holdfast.Mirror.History;

/// <summary>One committed increment of a place.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Id">Its name.</param>
/// <param name="RecordFolders">Where its record and description lie: the first of these that has them.</param>
/// <param name="Folders">Where its contents lie: the first of these that has a path has the right one.</param>
internal sealed record Increment(long Number, string Id, IReadOnlyList<EntryPath> RecordFolders, IReadOnlyList<EntryPath> Folders)
{
    public Increment(long number, string id)
        : this(number, id, [MirrorLayout.IncrementFolder(id)], [MirrorLayout.IncrementFolder(id)])
    {
    }

    public EntryPath Folder => MirrorLayout.IncrementFolder(Id);

    /// <summary>The committed increments, oldest first. Those that are being merged count as the one they become.</summary>
    public static IReadOnlyList<Increment> List(IFolderReader place)
    {
        // Another process may begin or end a merge meanwhile: what was listed must belong to the intent that was read.
        var (intent, paths, names) = (MergeIntent.TryRead(place), PathIntent.TryRead(place), Names(place));
        while (true)
        {
            var (intentAfter, pathsAfter, namesAfter) = (MergeIntent.TryRead(place), PathIntent.TryRead(place), Names(place));
            if (Equals(intent, intentAfter) && Equals(paths, pathsAfter) && names.SequenceEqual(namesAfter, StringComparer.Ordinal))
                break;
            (intent, paths, names) = (intentAfter, pathsAfter, namesAfter);
        }
        var found = names.Where(name => intent?.Members.Contains(name) is not true).Select(name => new Increment(NumberOf(name), name)).ToList();
        if (paths is not null)
            found = found.ConvertAll(paths.Apply);
        if (intent is not null)
            found.Add(intent.ToIncrement());
        found.Sort((a, b) => a.Number.CompareTo(b.Number));
        return found;
    }

    /// <summary>The number in an increment's id.</summary>
    public static long NumberOf(string id) => MirrorLayout.NumberOf(System.Text.Encoding.ASCII.GetBytes(id)) ?? throw new FormatException($"'{id}' is no increment.");

    /// <param name="place">The place.</param>
    /// <param name="paths">Lines of paths that it does not accept are passed over; null reads all.</param>
    public RecordReader OpenRecord(IFolderReader place, PathFilter? paths = null)
    {
        var path = PathOf(place, MirrorLayout.Entries);
        return new RecordReader(place.OpenFile(path), $"{place.Display}/{path}", paths);
    }

    /// <summary>
    /// What tells this record from any other of the same increment: the end of its gzip stream, CRC-32 and length of the lines
    /// (RFC 1952), as 16 hexadecimal digits.
    /// </summary>
    public string RecordSum(IFolderReader place) => SumOf(place, PathOf(place, MirrorLayout.Entries));

    /// <summary>The same of any record.</summary>
    public static string SumOf(IFolderReader place, EntryPath path)
    {
        const int trailer = 8;
        using var record = place.OpenFile(path);
        Span<byte> end = stackalloc byte[trailer];
        var got = record.Read(Math.Max(0, record.Stat().Size - trailer), end);
        return Convert.ToHexStringLower(end[..got]);
    }

    /// <exception cref="HoldfastException">It is missing or damaged, or a newer version wrote it.</exception>
    public IncrementDescription ReadDescription(IFolderReader place) =>
        TryReadDescription(place, out var problem) ?? throw new HoldfastException(ErrorKind.Failed, problem!, "'holdfast repair' writes it anew.");

    /// <summary>Null when it is missing or damaged.</summary>
    public IncrementDescription? TryReadDescription(IFolderReader place, out string? problem) =>
        IncrementDescription.TryRead(place, PathOf(place, MirrorLayout.Description), out problem);

    /// <summary>Where this increment holds the contents of a tracked file.</summary>
    public EntryPath TrackPath(IFolderReader place, EntryPath path)
    {
        foreach (var folder in Folders)
            if (In(folder) is var held && (Folders.Count == 1 || place.TryStat(held) is { Type: EntryType.File }))
                return held;
        return In(Folder);

        EntryPath In(EntryPath folder) => path.Under(folder.Child(MirrorLayout.Track.Bytes));
    }

    /// <summary>Where it may hold them; more than one only while increments are being merged.</summary>
    public IEnumerable<EntryPath> TrackPaths(EntryPath path) => Folders.Select(folder => path.Under(folder.Child(MirrorLayout.Track.Bytes)));

    public Snapshot Describe(IFolderReader place) => Describe(ReadDescription(place));

    public Snapshot Describe(IncrementDescription description) =>
        new(Id, Number, description.Time, description.Client, description.Job, description.Statistics) { Tags = description.Tags ?? [] };

    private EntryPath PathOf(IFolderReader place, EntryPath file)
    {
        foreach (var folder in RecordFolders)
            if (folder.Child(file.Bytes) is var path && (RecordFolders.Count == 1 || place.TryStat(path) is not null))
                return path;
        return Folder.Child(file.Bytes);
    }

    private static List<string> Names(IFolderReader place)
    {
        var names = new List<string>();
        if (place.TryStat(MirrorLayout.Increments) is not { Type: EntryType.Folder })
            return names;
        using var folder = place.OpenFolder(MirrorLayout.Increments);
        var listing = folder.List();
        for (var i = 0; i < listing.Count; i++)
            if (MirrorLayout.NumberOf(listing[i]) is not null)
                names.Add(System.Text.Encoding.ASCII.GetString(listing[i]));
        return names;
    }
}
