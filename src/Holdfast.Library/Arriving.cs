using System.Text;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Library.Index;

namespace Holdfast.Library;

/// <summary>
/// Which files get their names just now: <c>.holdfast/incoming/arriving</c>, lines of a SHA-256 and the path's bytes in
/// hexadecimal. Between the renames and the index a process may die or a disk fail, and a scan leaves files alone that are as
/// new as these. Without the lines a client that comes back at once would be told that they are missing, and they would lie
/// there twice. Nothing makes the lines durable: when the power fails, more time passes than a scan waits.
/// </summary>
internal sealed class Arriving(IFolder place, LibraryIndex index, Contents contents) : IDisposable
{
    private static readonly EntryPath At = LibraryLayout.Incoming.Child("arriving"u8);

    private IFileWriter? _file;
    private long _end;

    /// <summary>The content gets this name next.</summary>
    public void Note(ContentId content, EntryPath path)
    {
        _file ??= place.ContinueFile(At, LibraryLayout.FileMode);
        var line = Encoding.ASCII.GetBytes($"{content} {Convert.ToHexStringLower(path.Bytes)}\n");
        _file.Write(_end, line);
        _end += line.Length;
    }

    /// <summary>The index knows all that was noted.</summary>
    public void Done()
    {
        if (_file is null)
            return;
        Dispose();
        place.Remove(At);
    }

    /// <summary>Takes into the index what a group left behind that was cut off. Each file is read: somebody may have put another one there.</summary>
    public void TakeUp()
    {
        Dispose();
        if (SmallFile.TryRead(place, At) is not { } bytes)
            return;
        var found = Encoding.ASCII.GetString(bytes).Split('\n')[..^1].Select(Find).OfType<IndexedFile>().ToList();
        // Invariant: what a client is told to be here stays when the power fails. Its bytes are durable, its name may not be.
        if (found.Count > 0)
            place.Barrier();
        foreach (var file in found)
            index.Put(file);
        place.Remove(At);
    }

    public void Dispose()
    {
        _file?.Dispose();
        _file = null;
        _end = 0;
    }

    /// <summary>Null for a line that a power failure left without its bytes.</summary>
    private static (ContentId Content, EntryPath Path)? TryRead(string line)
    {
        try
        {
            return line.Split(' ') is [var hash, var path] ? (ContentId.Parse(hash), EntryPath.From(Convert.FromHexString(path))) : null;
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>The file that a line names; null when it did not get there, is known, or is another one.</summary>
    private IndexedFile? Find(string line) =>
        TryRead(line) is var (content, path)
        && place.TryStat(path) is { Type: EntryType.File } stat
        && index.FileAt(path) is null
        && contents.TryHash(path, stat) is { } now
        && now.Content == content
            ? now
            : null;
}
