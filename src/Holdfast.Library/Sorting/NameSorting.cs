using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Library.Index;
using Holdfast.Library.Record;

namespace Holdfast.Library.Sorting;

/// <summary>
/// What a client does to names it brought. Programs upload under a temporary name and rename, and take back what did not
/// succeed. A file follows its name only when it came with it just now, lies where it was put, and has no other name.
/// </summary>
internal sealed class NameSorting(IFolder place, LibraryIndex index, LibraryRecord record, Contents contents, LibrarySorting sorting, TimeProvider time)
{
    private const int MostNumbers = 1000;

    /// <summary>Gives names others. Files go first: a crash then leaves the old name, whose content is found wherever it lies.</summary>
    public bool Rename(ClientNames names, EntryPath from, EntryPath to)
    {
        if (to.IsRoot || to.IsAtOrUnder(from))
            throw new HoldfastException(ErrorKind.Usage, $"'{from}' cannot be moved to '{to}'.", "A folder does not go into itself.");
        var found = At(names, from);
        var lines = new List<NameLine>();
        foreach (var entry in found)
        {
            var path = entry.Path == from ? to : EntryPath.From(entry.Path.Bytes[(from.Bytes.Length + 1)..]).Under(to);
            EntryPath? file = FileOf(names, entry) is { } lies ? Follow(lies, path) : null;
            lines.Add(Line(names, entry) with { IsGone = true });
            lines.Add(Line(names, entry with { Path = path }));
            names.Moved(entry.Path, path, file);
        }
        Write(lines);
        return found.Count > 0;
    }

    /// <summary>Takes names back. They go first: a crash then leaves a file without a name, and never a name without its file.</summary>
    public bool TakeBack(ClientNames names, EntryPath at)
    {
        var found = At(names, at);
        var files = found.Select(e => (Entry: e, File: FileOf(names, e))).ToList();
        Write([.. found.Select(e => Line(names, e) with { IsGone = true })]);
        foreach (var (entry, file) in files)
            // Invariant: what was read back stays, for somebody may have emptied a phone on its word.
            if (file is { } path && entry.Content is { } content && (entry.Size == 0 || index.VerifiedAt(content) is null))
                sorting.Remove(path, content, forGood: false);
        return found.Count > 0;
    }

    private List<Entry> At(ClientNames names, EntryPath at)
    {
        var found = new List<Entry>();
        if (index.NameAt(names.Client, names.Job, at) is { } itself)
            found.Add(itself);
        EntryPath? after = at;
        while (index.NamesAfter(names.Client, names.Job, after) is { Count: > 0 } page)
            foreach (var entry in page)
            {
                if (!entry.Path.IsAtOrUnder(at))
                    return found;
                found.Add(entry);
                after = entry.Path;
            }
        return found;
    }

    private EntryPath? FileOf(ClientNames names, Entry entry) =>
        entry.Content is { } content
        && names.FileOf(entry.Path) is { } file
        && contents.IsAt(content, file)
        && (entry.Size == 0 || !index.HasOtherName(content, names.Client, names.Job, entry.Path))
            ? file
            : null;

    private EntryPath Follow(EntryPath file, EntryPath name)
    {
        var wanted = LibraryName.Map(name);
        for (var number = 1; number <= MostNumbers; number++)
        {
            var path = number == 1 ? wanted : LibraryName.Numbered(wanted, number);
            if (path == file || sorting.Move(file, path) == Sorted.Done)
                return path;
        }
        return file;
    }

    private NameLine Line(ClientNames names, Entry entry) => new(time.GetUtcNow(), names.Client, names.Job, entry);

    private void Write(IReadOnlyList<NameLine> lines)
    {
        if (lines.Count == 0)
            return;
        record.Write(lines);
        // Invariant: what the index and the caller are told is durable.
        place.Barrier();
        index.Together(() => record.Took(lines));
    }
}
