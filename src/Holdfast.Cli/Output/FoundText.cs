using Holdfast.Core.Engine.Finding;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;

namespace Holdfast.Cli.Output;

/// <summary>What was found, by the snapshot that brought it, then by folder. Keeps everything until the end, since it comes in path order.</summary>
internal sealed class FoundText(TextWriter output) : IPrinter<Found>
{
    private readonly SortedDictionary<long, List<Found>> _bySnapshot = [];

    public void Print(Found item)
    {
        if (!_bySnapshot.TryGetValue(item.Brought.Number, out var list))
            _bySnapshot[item.Brought.Number] = list = [];
        list.Add(item);
    }

    public void Finish()
    {
        foreach (var list in _bySnapshot.Values)
        {
            output.WriteLine($"{list[0].Brought.Id}  {Sizes.Time(list[0].Brought.Time)}");
            foreach (var folder in list.GroupBy(f => f.Path.Parent).OrderBy(g => g.Key))
                PrintFolder(folder.Key, folder);
        }
        output.WriteLine(Total());
    }

    private void PrintFolder(EntryPath folder, IEnumerable<Found> items)
    {
        output.WriteLine(folder.IsRoot ? "  ./" : $"  {folder}/");
        foreach (var item in items)
            output.WriteLine($"  {SizeOf(item.Entry),12}  {Sizes.Time(item.Entry.Modified.ToDateTimeOffset())}  {NameOf(item.Entry)}{Remarks(item)}");
    }

    /// <summary>What is to be known of a version beyond its entry.</summary>
    public static string Remarks(Found item)
    {
        var text = "";
        if (item.Version.Until is { } until)
            text += $"  {(item.Version.EndsDeleted ? "deleted in" : "until")} {until.Id}";
        if (!item.Entry.Tracked)
            text += "  without history";
        if (item.IsHeld == false)
            text += "  BYTES GONE";
        return text;
    }

    public static string SizeOf(Entry entry) => entry.Type == EntryType.File ? Sizes.Bytes(entry.Size) : KindName.Of(entry.Type);

    private static string NameOf(Entry entry) => entry.Path.IsRoot
        ? "."
        : PathText.ForPeople(entry.Path.Name) + (entry.Type == EntryType.Folder ? "/" : "") + (entry.LinkTarget is { } target ? $" -> {PathText.ForPeople(target)}" : "");

    private string Total()
    {
        if (_bySnapshot.Count == 0)
            return "nothing found";
        var all = _bySnapshot.Values.SelectMany(l => l).ToList();
        var files = all.Where(f => f.Entry.Type == EntryType.File).ToList();
        var gone = files.Count(f => f.IsHeld == false);
        var text = $"{Sizes.Count(files.Count, "file")} ({Sizes.Bytes(files.Sum(f => f.Entry.Size))})";
        if (all.Count > files.Count)
            text += $" and {Sizes.Count(all.Count - files.Count, "other entry", "other entries")}";
        text += $" under {Sizes.Count(all.Select(f => f.Path).Distinct().Count(), "path")}, from {Sizes.Count(_bySnapshot.Count, "snapshot")}";
        return gone == 0 ? text : $"{text}; the bytes of {gone} are gone";
    }
}
