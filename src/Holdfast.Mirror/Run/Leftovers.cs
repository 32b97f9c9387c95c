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
    public static readonly EntryPath NotesFile = EntryPath.From("notes");

    private readonly IFolder? _place;
    private readonly Lock _taking = new();

    // The newest last. Replaced as a whole: other threads ask for the count meanwhile.
    private volatile (IFolder Folder, Notes Notes)[] _runs = [];

    private Leftovers(IFolder? place) => _place = place;

    public static Leftovers None { get; } = new(null);

    /// <summary>How many there are at most.</summary>
    public int Count => _runs.Sum(r => r.Notes.Count);

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
            if (Count == 0)
                return true;
            Dispose();
            _runs = [];
            FolderTree.Delete(_place, MirrorLayout.Leftovers);
            // A journal hands the blocks out again only once the deletion is durable.
            _place.Barrier();
            return true;
        }
    }

    /// <summary>Does a step, and does it once more when the disk was full of what is left here. A step may be done twice.</summary>
    public void MakingRoom(Action step)
    {
        try
        {
            step();
        }
        catch (FileSystemException e) when (e.IsNoSpace && GiveUp())
        {
            step();
        }
    }

    private ContentId? Take(Entry entry, IFolder to, EntryPath path)
    {
        if (entry.Identity is not { } identity)
            return null;
        for (var i = _runs.Length - 1; i >= 0; i--)
            if (_runs[i].Notes.Find(entry.Path) is { } line)
                return IsOf(line, entry, identity) && TryMove(_runs[i].Folder, line, to, path) ? line.Content : null;
        return null;
    }

    private static bool IsOf(Notes.Line line, Entry entry, FileIdentity identity) =>
        line.Size == entry.Size && line.Modified == entry.Modified && line.Changed == identity.Changed && line.Device == identity.Device && line.Inode == identity.Inode;

    private static bool TryMove(IFolder folder, Notes.Line line, IFolder to, EntryPath path)
    {
        if (folder.TryStat(line.Location) is not { Type: EntryType.File } stat || stat.Size != line.Size)
            return false;
        try
        {
            folder.Rename(line.Location, to, path, replace: false);
        }
        catch (FileSystemException e) when (e.Error == Errno.NotFound)
        {
            FolderTree.Ensure(to, path.Parent, MirrorLayout.FolderMode);
            folder.Rename(line.Location, to, path, replace: false);
        }
        return true;
    }

    public void Dispose()
    {
        foreach (var (folder, notes) in _runs)
        {
            notes.Dispose();
            folder.Dispose();
        }
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
        if (place.TryStat(run.Child(NotesFile.Bytes)) is { Type: EntryType.File } && place.TryStat(run.Child(Tree.Bytes)) is not null)
        {
            var notes = new Notes(place.OpenFile(run.Child(NotesFile.Bytes)));
            if (notes.Count > 0)
            {
                _runs = [.. _runs, (place.OpenFolder(run.Child(Tree.Bytes)), notes)];
                return;
            }
            notes.Dispose();
        }
        // A full disk may have had no room for the notes: what nothing is known of only takes room.
        FolderTree.Delete(place, run);
    }
}
