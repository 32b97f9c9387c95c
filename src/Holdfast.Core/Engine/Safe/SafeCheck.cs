using System.Security.Cryptography;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;

namespace Holdfast.Core.Engine.Safe;

/// <summary>
/// Answers "may I delete these?". A file is safe when a place that is connected now has a copy of its contents, as they are
/// now, that survives the deletion of the source and lies on another disk. Whatever is not known counts as not safe.
/// </summary>
/// <param name="places">The places.</param>
/// <param name="readBack">True when only copies count that are read back and right.</param>
public sealed class SafeCheck(IReadOnlyList<CopyPlace> places, bool readBack)
{
    // A content may lie under thousands of paths; each that is listed costs memory.
    private const int MostCopiesOfOne = 1000, MostNamed = 3;

    private readonly Disks _disks = new();
    private readonly Dictionary<(CopyPlace Place, LocalTree Tree, EntryPath Folder), string?> _goesWith = [];

    /// <summary>Places whose records could not be read, and why: their copies do not count.</summary>
    public IDictionary<string, string> Unreadable { get; } = new SortedDictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Judges some files; every place's records are read once.</summary>
    public IEnumerable<FileVerdict> Judge(IReadOnlyList<LocalFile> files, CancellationToken cancellationToken)
    {
        var contents = files.Select(f => f.Content).ToHashSet();
        var emptyNames = files.Where(f => f.Stat.Size == 0).Select(f => EntryPath.From(f.Item.Path.Name)).ToHashSet();
        var copies = places.Select(p => CopiesIn(p, contents, emptyNames, cancellationToken)).ToList();
        foreach (var file in files)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return new FileVerdict(file.Item, file, null, Verdicts(file, copies));
        }
    }

    /// <summary>Looks at a copy once more: whether it counts now.</summary>
    public CopyVerdict Look(LocalFile file, CopyVerdict copy) => Looked(file, copy with { Problem = null }, readBack: false);

    private Dictionary<ContentId, List<CopyVerdict>> CopiesIn(CopyPlace place, HashSet<ContentId> contents, HashSet<EntryPath> emptyNames, CancellationToken cancellationToken)
    {
        var found = new Dictionary<ContentId, List<CopyVerdict>>();
        if (Unreadable.ContainsKey(place.Name))
            return found;
        try
        {
            foreach (var copy in place.Copies.CopiesOf(contents, cancellationToken))
            {
                var entry = copy.Entry.Entry;
                // An empty file is nothing but its name.
                if (entry.Size == 0 && !emptyNames.Contains(EntryPath.From(entry.Path.Name)))
                    continue;
                var content = entry.Content!.Value;
                if (!found.TryGetValue(content, out var list))
                    found[content] = list = [];
                if (list.Count < MostCopiesOfOne)
                    list.Add(new CopyVerdict(place, copy, copy.Kept ?? place.Kept(copy.Snapshots)));
            }
            return found;
        }
        catch (Exception e) when (e is HoldfastException or FileSystemException)
        {
            Unreadable[place.Name] = e.Message;
            return [];
        }
    }

    private List<CopyVerdict> Verdicts(LocalFile file, List<Dictionary<ContentId, List<CopyVerdict>>> copies)
    {
        var refused = new List<CopyVerdict>();
        var candidates = copies.SelectMany(c => c.TryGetValue(file.Content, out var list) ? list : []);
        foreach (var copy in candidates.OrderByDescending(c => c.Kept.Forever).ThenByDescending(c => c.Kept.Date ?? DateTimeOffset.MinValue).ThenByDescending(c => c.Kept.Snapshots))
        {
            var verdict = Looked(file, copy, readBack);
            if (verdict.Problem is null)
                return [verdict];
            if (refused.Count < MostNamed)
                refused.Add(verdict);
        }
        return refused;
    }

    private CopyVerdict Looked(LocalFile file, CopyVerdict copy, bool readBack)
    {
        if (copy.Copy.Snapshots.Count == 0)
            return copy with { Problem = "it is in the mirror only, without history, and goes with its source" };
        if (!copy.Kept.OutlivesTheNextRun)
            return copy with { Problem = "'keep' may let the next run forget it" };
        if (copy.Copy.Entry.Entry is var entry && (entry.Size != file.Stat.Size || entry.Content != file.Content))
            return copy with { Problem = "the record says something else of it" };
        if (entry.Size == 0 && !entry.Path.Name.SequenceEqual(file.Item.Path.Name))
            return copy with { Problem = "it is an empty file of another name" };
        var state = copy.Place.Copies.Look(copy.Copy);
        copy = copy with { Where = state.Where };
        if (state.Problem is not null || state.Stat is null)
            return copy with { Problem = state.Problem ?? "it is not there" };
        if (state.Propagates is { } propagates)
            return copy with { Problem = propagates };
        if (GoesWith(copy.Place, file.Item.Tree, file.Item.Path.Parent) is { } follows)
            return copy with { Problem = follows };
        if (_disks.ShareOne(state.Stat.Value, file.Stat))
            return copy with { Problem = "it lies on the same disk as the file" };
        if (!readBack)
            return copy;
        return ReadBack(copy.Place, copy.Copy) is { } problem ? copy with { Problem = problem } : copy with { ReadBack = true };
    }

    /// <summary>Why a place's copies go with the files of a folder; null when they do not.</summary>
    private string? GoesWith(CopyPlace place, LocalTree tree, EntryPath path)
    {
        if (_goesWith.TryGetValue((place, tree, path), out var known))
            return known;
        try
        {
            using (var folder = tree.Folder.OpenFolder(path))
                known = place.Copies.GoesWith(folder);
            known ??= path.IsRoot ? tree.Above().Select(place.Copies.GoesWith).FirstOrDefault(r => r is not null) : GoesWith(place, tree, path.Parent);
        }
        catch (Exception e) when (e is FileSystemException or HoldfastException)
        {
            known = e.Message; // What is not known counts as not safe.
        }
        return _goesWith[(place, tree, path)] = known;
    }

    private static string? ReadBack(CopyPlace place, Copy copy)
    {
        try
        {
            using var file = place.Copies.OpenCopy(copy);
            return copy.Entry.Entry.Content == new ContentId(SHA256.HashData(new FileReadStream(file))) ? null : "read back, its contents are others";
        }
        catch (Exception e) when (e is FileSystemException or HoldfastException)
        {
            return e.Message;
        }
    }
}
