using System.Globalization;
using System.Security.Cryptography;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;

namespace Holdfast.Mirror.Repairing;

/// <summary>Says of a name whether it holds what the record says.</summary>
/// <param name="place">The place.</param>
/// <param name="traits">What it can hold.</param>
/// <param name="readsData">Hash every file; otherwise only those whose time differs.</param>
internal sealed class Diagnosis(IFolderReader place, FileSystemTraits traits, bool readsData)
{
    // The names of one file follow each other mostly; it is read once for them.
    private (ulong Inode, Timestamp Changed, ContentId Content)? _last;

    /// <summary>What is wrong; null when nothing is known to be.</summary>
    public string? ProblemOf(HeldName name) => ProblemOf(name, readsData);

    /// <summary>True when its bytes are right, read now.</summary>
    public bool IsRight(HeldName name) => ProblemOf(name, reads: true) is null;

    /// <summary>True when size or time say that somebody wrote to the file: it may be all that is left of that person's work.</summary>
    public bool WasEdited(HeldName name, in FileStat stat) => stat.Size != name.Held.Entry.Size || !HasItsTime(name, stat);

    private string? ProblemOf(HeldName name, bool reads)
    {
        try
        {
            if (place.TryStat(name.Path) is not { } stat)
                return "it was missing";
            if (stat.Type != EntryType.File)
                return "it was no file";
            if (stat.Size != name.Held.Entry.Size)
                return string.Create(CultureInfo.InvariantCulture, $"it had {stat.Size:N0} bytes, not {name.Held.Entry.Size:N0}");
            if (!reads && HasItsTime(name, stat))
                return null;
            return ContentOf(name.Path, stat) == name.Content ? null : "its bytes were others";
        }
        catch (FileSystemException e)
        {
            return e.Message;
        }
    }

    private bool HasItsTime(HeldName name, in FileStat stat)
    {
        var resolution = traits.TimeResolution;
        return stat.Modified.EqualsWithin(name.Held.Entry.Modified, resolution)
            || (!name.InMirror && stat.Modified.EqualsWithin(name.Held.Brought, resolution));
    }

    private ContentId ContentOf(EntryPath path, in FileStat stat)
    {
        if (_last is { } last && last.Inode == stat.Inode && last.Changed == stat.Changed)
            return last.Content;
        using var file = place.OpenFile(path);
        var content = HashOf(file);
        _last = (stat.Inode, stat.Changed, content);
        return content;
    }

    /// <summary>From the disk, not from memory.</summary>
    public static ContentId HashOf(IFileReader file)
    {
        file.Advise(ReadAdvice.Forget);
        file.Advise(ReadAdvice.Sequential);
        return new ContentId(SHA256.HashData(new FileReadStream(file)));
    }
}
