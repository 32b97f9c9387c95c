using System.Text.Json;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Library.Record;

namespace Holdfast.Library.Syncing;

/// <summary>
/// The last common base of a folder and a library, in the state folder: <c>sync/FOLDER-LIBRARY/head.json</c> names the file of
/// lines that counts. It counts only while both sides carry its mark. Order of a new one: lines → head with the new and the old
/// mark → marks of both sides → head with the new mark alone. A crash between them leaves a head that takes either mark.
/// </summary>
internal sealed class BaseStore(IFolder state, EntryPath at)
{
    private const int Piece = 1 << 20;

    private readonly EntryPath _head = at.Child("head.json"u8);

    private BaseHead? _current;

    /// <summary>Where the folder lay at the last run; null when there was none.</summary>
    public string? FolderPath => Current?.Path;

    /// <summary>How many files were common then.</summary>
    public int FileCount => Current?.Files ?? 0;

    /// <summary>Where other file systems were mounted below the folder then; null when nobody looked.</summary>
    public IReadOnlyList<EntryPath>? Mounts => Current?.Mounts is { } mounts ? [.. mounts.Select(m => EntryPath.From(PathText.Decode(System.Text.Encoding.UTF8.GetBytes(m))))] : null;

    /// <summary>True when both sides were given the mark of the last base. A side that was set back to before it cannot be told until then.</summary>
    public bool IsSealed => Current is { IsSealed: true };

    private BaseHead? Current => _current ??= ReadHead();

    public static EntryPath PathOf(string folderId, string libraryId) => EntryPath.From($"sync/{folderId}-{libraryId}");

    /// <summary>The base; null when there is none, or one of the sides is not as the last run left it.</summary>
    public Dictionary<EntryPath, BaseFile>? Read(SyncMarks marks)
    {
        if (Current is not { } head || !head.Takes(marks))
            return null;
        try
        {
            var files = new Dictionary<EntryPath, BaseFile>();
            foreach (var (line, _) in new LineFile(state, LinesOf(head.Mark)).Read(0))
                if (BaseFile.Parse(line) is var file)
                    files[file.Path] = file;
            return files.Count == head.Files ? files : null;
        }
        catch (Exception e) when (e is FormatException or FileSystemException)
        {
            return null; // Without a base the merge is a union: nothing is deleted.
        }
    }

    /// <summary>Writes a new base.</summary>
    /// <param name="folderPath">Where the folder lies.</param>
    /// <param name="files">What both sides have.</param>
    /// <param name="mounts">Where other file systems are mounted below the folder.</param>
    /// <param name="marks">What the sides carry now.</param>
    /// <param name="seal">Gives both sides the new mark.</param>
    public async Task WriteAsync(string folderPath, IReadOnlyCollection<BaseFile> files, IEnumerable<EntryPath> mounts, SyncMarks marks, Func<string, Task> seal)
    {
        FolderTree.Ensure(state, at, 0x1c0);
        var head = new BaseHead(folderPath, SyncMark.New(), files.Count)
        {
            Mounts = [.. mounts.Order().Select(m => PathText.Encode(m.Bytes))],
            FolderMark = marks.Folder,
            LibraryMark = marks.Library,
        };
        WriteLines(LinesOf(head.Mark), files);
        WriteHead(head);
        await seal(head.Mark);
        WriteHead(new BaseHead(folderPath, head.Mark, files.Count) { Mounts = head.Mounts, IsSealed = true });
        Sweep(head.Mark);
    }

    private EntryPath LinesOf(string mark) => at.Child(System.Text.Encoding.ASCII.GetBytes(mark + ".jsonl"));

    private void WriteLines(EntryPath path, IReadOnlyCollection<BaseFile> files)
    {
        using var file = state.CreateFile(path, 0x180);
        using var lines = new MemoryStream();
        var position = 0L;
        foreach (var one in files)
        {
            one.WriteTo(lines);
            if (lines.Length >= Piece)
                Write();
        }
        Write();
        file.Sync();
        state.SyncFolder(at);

        void Write()
        {
            file.Write(position, lines.GetBuffer().AsSpan(0, (int)lines.Length));
            position += lines.Length;
            lines.SetLength(0);
        }
    }

    private void WriteHead(BaseHead head)
    {
        SmallFile.Write(state, _head, JsonSerializer.SerializeToUtf8Bytes(head, SyncJson.Default.BaseHead));
        _current = head;
    }

    private BaseHead? ReadHead()
    {
        try
        {
            return SmallFile.TryRead(state, _head) is { } bytes ? JsonSerializer.Deserialize(bytes, SyncJson.Default.BaseHead) : null;
        }
        catch (Exception e) when (e is JsonException or HoldfastException)
        {
            return null;
        }
    }

    /// <summary>Removes lines that count no more.</summary>
    private void Sweep(string mark)
    {
        using var folder = state.OpenFolder(at);
        var listing = folder.List();
        for (var i = 0; i < listing.Count; i++)
            if (at.Child(listing[i]) is var path && path != _head && path != LinesOf(mark))
                state.Remove(path);
    }
}
