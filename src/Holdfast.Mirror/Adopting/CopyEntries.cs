using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Sources;
using Holdfast.Mirror.Repairing;

namespace Holdfast.Mirror.Adopting;

/// <summary>Entries of a copy. Where its files differ from the source's in the time alone, they get that: else the next run would copy them.</summary>
internal sealed class CopyEntries(IFolder place, IFolder mirror, FileSystemTraits traits, SourceFiles source)
{
    private readonly PlaceEntries _entries = new(place);
    private readonly IReadOnlyDictionary<ulong, EntryPath> _groups = new PlaceEntries(place).Groups(MirrorLayout.Mirror);

    public Entry Read(EntryPath path, in FileStat stat)
    {
        var entry = _entries.Read(MirrorLayout.Mirror, path, stat, _groups);
        if (entry.Type != EntryType.File || source.TryStat(path) is not { Type: EntryType.File } original)
            return entry;
        if (original.Size != entry.Size || traits.MayBeSameTime(original.Modified, entry.Modified) || !HasContent(path, entry))
            return entry;
        try
        {
            mirror.SetModified(path, original.Modified);
        }
        catch (FileSystemException)
        {
            return entry; // Somebody else's file; the next run copies it.
        }
        return entry with { Modified = original.Modified };
    }

    private bool HasContent(EntryPath path, Entry entry)
    {
        try
        {
            using var file = source.Open(path);
            return Diagnosis.HashOf(file) == entry.Content;
        }
        catch (FileSystemException)
        {
            return false;
        }
    }
}
