using System.Globalization;
using System.Text;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;

namespace Holdfast.Mirror.Run;

/// <summary>Contents that an interrupted run left behind and that are known to be durable, for this run to take over.</summary>
internal sealed class Leftovers : IDisposable
{
    /// <summary>In the folder of a run: what it had copied.</summary>
    public static readonly EntryPath Tree = EntryPath.From("tree");

    /// <summary>In the folder of a run: its notes (<see cref="Progress"/>).</summary>
    public static readonly EntryPath Notes = EntryPath.From("notes");

    private readonly IFolder? _place;
    private readonly Lock _taking = new();
    private readonly List<IFolder> _folders = [];
    private readonly Dictionary<EntryPath, Leftover> _byPath = [];

    private Leftovers(IFolder? place) => _place = place;

    private sealed record Leftover(IFolder Folder, EntryPath Location, long Size, Timestamp Modified, Timestamp Changed, ulong Device, ulong Inode, ContentId Content);

    public static Leftovers None { get; } = new(null);

    /// <summary>How many there are.</summary>
    public int Count => _byPath.Count;

    /// <summary>Reads the notes of all interrupted runs since the last commit; the newest counts.</summary>
    public static Leftovers Read(IFolder place)
    {
        var numbers = Numbers(place);
        if (numbers.Count == 0)
            return None;
        var leftovers = new Leftovers(place);
        foreach (var number in numbers)
            leftovers.Add(place, FolderOf(number));
        return leftovers;
    }

    /// <summary>Where the next interrupted run's copies go.</summary>
    public static EntryPath NextFolder(IFolder place) => FolderOf(Numbers(place).LastOrDefault() + 1);

    /// <summary>
    /// Moves the contents of a file to <paramref name="path"/> when an interrupted run copied them from the very same state
    /// of the source's file; null otherwise.
    /// </summary>
    public ContentId? TryTake(Entry entry, IFolder to, EntryPath path)
    {
        lock (_taking)
            return Take(entry, to, path);
    }

    /// <summary>Gives up what was not taken, so that its room is free. From several threads; all return when there is room.</summary>
    /// <returns>False when there never was anything.</returns>
    public bool GiveUp()
    {
        if (_place is null)
            return false;
        lock (_taking)
        {
            if (_byPath.Count == 0)
                return true;
            _byPath.Clear();
            FolderTree.Delete(_place, MirrorLayout.Leftovers);
            // A journal hands the blocks out again only once the deletion is durable.
            _place.Barrier();
            return true;
        }
    }

    private ContentId? Take(Entry entry, IFolder to, EntryPath path)
    {
        if (entry.Identity is not { } identity || !_byPath.TryGetValue(entry.Path, out var left))
            return null;
        var same = left.Size == entry.Size && left.Modified == entry.Modified && left.Changed == identity.Changed && left.Device == identity.Device && left.Inode == identity.Inode;
        if (!same || left.Folder.TryStat(left.Location) is not { Type: EntryType.File } stat || stat.Size != entry.Size)
            return null;
        try
        {
            left.Folder.Rename(left.Location, to, path, replace: false);
        }
        catch (FileSystemException e) when (e.Error == Errno.NotFound)
        {
            FolderTree.Ensure(to, path.Parent, MirrorLayout.FolderMode);
            left.Folder.Rename(left.Location, to, path, replace: false);
        }
        return left.Content;
    }

    public void Dispose()
    {
        foreach (var folder in _folders)
            folder.Dispose();
    }

    private static EntryPath FolderOf(int number) => MirrorLayout.Leftovers.Child(Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture)));

    private static List<int> Numbers(IFolder place)
    {
        if (place.TryStat(MirrorLayout.Leftovers) is null)
            return [];
        using var folder = place.OpenFolder(MirrorLayout.Leftovers);
        var listing = folder.List();
        var numbers = new List<int>();
        for (var i = 0; i < listing.Count; i++)
            if (int.TryParse(listing[i], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                numbers.Add(number);
        numbers.Sort();
        return numbers;
    }

    private void Add(IFolder place, EntryPath run)
    {
        if (SmallFile.TryRead(place, run.Child(Notes.Bytes)) is not { } notes || place.TryStat(run.Child(Tree.Bytes)) is null || !Add(place.OpenFolder(run.Child(Tree.Bytes)), notes))
            // A full disk may have had no room for the notes: what nothing is known of only takes room.
            FolderTree.Delete(place, run);
    }

    private bool Add(IFolder folder, byte[] notes)
    {
        _folders.Add(folder);
        var any = false;
        var text = Encoding.UTF8.GetString(notes);
        // What stands after the last line end was cut off.
        foreach (var line in text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries))
            if (Parse(line, folder) is var (path, leftover))
            {
                _byPath[path] = leftover;
                any = true;
            }
        return any;
    }

    private static (EntryPath Path, Leftover Leftover)? Parse(string line, IFolder folder)
    {
        var fields = line.Split('\t');
        if (fields.Length != 8)
            return null;
        try
        {
            return (Decode(fields[7]), new Leftover(
                folder,
                Decode(fields[0]),
                long.Parse(fields[1], CultureInfo.InvariantCulture),
                Timestamp.Parse(fields[2]),
                Timestamp.Parse(fields[3]),
                ulong.Parse(fields[4], CultureInfo.InvariantCulture),
                ulong.Parse(fields[5], CultureInfo.InvariantCulture),
                ContentId.Parse(fields[6])));
        }
        catch (FormatException)
        {
            return null; // Only a hint: what cannot be read is copied again.
        }
    }

    private static EntryPath Decode(string text) => EntryPath.From(PathText.Decode(Encoding.UTF8.GetBytes(text)));
}
