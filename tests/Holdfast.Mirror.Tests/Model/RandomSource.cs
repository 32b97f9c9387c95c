using System.Globalization;

namespace Holdfast.Mirror.Tests.Model;

/// <summary>Random changes to a small tree of files.</summary>
internal sealed class RandomSource(string top, Random random)
{
    private static readonly string[] Names = ["a", "b", "c", "d!", "e\n", "%41", "\"q\"", "a!"];

    private long _clock = 1_700_000_000;

    /// <summary>Files edited with size and mtime kept since the last commit, and such copies of them: only ctime tells, and only where they were not renamed.</summary>
    public HashSet<ulong> Unseen { get; } = [];

    public void Step()
    {
        Action[] steps = [Create, Create, Edit, Edit, EditUnseen, Rename, Rename, Chmod, Touch, Delete, Link, Symlink, Folder, RenameFolder, DeleteFolder, Copy, Swap];
        steps[random.Next(steps.Length)]();
    }

    /// <summary>Gives a file a time it never had.</summary>
    public void Stamp(string path) => File.SetLastWriteTimeUtc(path, DateTime.UnixEpoch.AddSeconds(++_clock).AddTicks(random.Next(10_000_000)));

    private void Create()
    {
        var path = NewPath();
        if (Path.Exists(path) || new FileInfo(path).LinkTarget is not null)
            return;
        File.WriteAllText(path, Text());
        Stamp(path);
    }

    private void Edit() => With(File_, path =>
    {
        File.WriteAllText(path, Text());
        Stamp(path);
    });

    private void EditUnseen() => With(File_, path =>
    {
        if (new FileInfo(path).Length == 0)
            return;
        Scenes.Files.EditUnseen(path);
        Unseen.Add(Inode(path));
    });

    private void Rename() => With(Any, path =>
    {
        var to = NewPath();
        if (!Directory.Exists(to))
            File.Move(path, to, overwrite: true);
    });

    private void Swap() => With(File_, a => With(File_, b =>
    {
        if (a == b)
            return;
        File.Move(a, top + ".between");
        File.Move(b, a);
        File.Move(top + ".between", b);
    }));

    private void Copy() => With(File_, path =>
    {
        var to = NewPath();
        if (Path.Exists(to) || new FileInfo(to).LinkTarget is not null)
            return;
        File.Copy(path, to);
        if (random.Next(2) == 0)
            Stamp(to);
        // File.Copy keeps the mtime: swapped with the original later, the copy brings the unseen bytes to a name whose size and mtime say otherwise.
        else if (Unseen.Contains(Inode(path)))
            Unseen.Add(Inode(to));
    });

    private void Chmod() => With(File_, path => File.SetUnixFileMode(path, (UnixFileMode)random.Next(0x180, 0x1ff)));

    private void Touch() => With(File_, Stamp);

    private void Delete() => With(Any, File.Delete);

    private void Link() => With(File_, path =>
    {
        var to = NewPath();
        if (!Path.Exists(to) && new FileInfo(to).LinkTarget is null)
            Native.Link(path, to);
    });

    private void Symlink()
    {
        var path = NewPath();
        if (!Path.Exists(path) && new FileInfo(path).LinkTarget is null)
            File.CreateSymbolicLink(path, "to " + random.Next(3).ToString(CultureInfo.InvariantCulture));
    }

    private void Folder()
    {
        var path = NewPath();
        if (File.Exists(path) || new FileInfo(path).LinkTarget is not null)
            return;
        Directory.CreateDirectory(path);
        File.SetUnixFileMode(path, (UnixFileMode)random.Next(0x1c0, 0x1ff));
    }

    private void RenameFolder() => With(Folders, path =>
    {
        var to = NewPath();
        if (!Path.Exists(to) && new FileInfo(to).LinkTarget is null && !(to + "/").StartsWith(path + "/", StringComparison.Ordinal))
            Directory.Move(path, to);
    });

    private void DeleteFolder()
    {
        if (random.Next(3) == 0)
            With(Folders, path => Directory.Delete(path, recursive: true));
    }

    private string Text() => random.Next(12) == 0 ? "" : new string((char)('a' + random.Next(26)), random.Next(1, 4));

    private string NewPath()
    {
        var folders = Folders().Append(top).Append(top).ToList();
        return Path.Combine(folders[random.Next(folders.Count)], Names[random.Next(Names.Length)]);
    }

    private IEnumerable<string> File_() => Any().Where(p => new FileInfo(p).LinkTarget is null);

    private IEnumerable<string> Any() => Directory.EnumerateFileSystemEntries(top, "*", All).Where(p => !Folders().Contains(p)).Order(StringComparer.Ordinal);

    private IEnumerable<string> Folders() => Directory.EnumerateDirectories(top, "*", All).Where(p => new FileInfo(p).LinkTarget is null).Order(StringComparer.Ordinal);

    private static readonly EnumerationOptions All = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None };

    private void With(Func<IEnumerable<string>> kind, Action<string> act)
    {
        var found = kind().ToList();
        if (found.Count > 0)
            act(found[random.Next(found.Count)]);
    }

    private static ulong Inode(string path)
    {
        using var folder = Core.FileSystem.LocalFolders.OpenForReading(Path.GetDirectoryName(path)!);
        return folder.Stat(Core.Model.EntryPath.From(Path.GetFileName(path))).Inode;
    }
}
