using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;

namespace Holdfast.Testing.PowerLoss;

/// <summary>
/// Records everything that is done below one real folder through the folders it opens. What else changes there meanwhile is
/// unknown to it, and touching that is an <see cref="InvalidOperationException"/>: start a new recording after such changes.
/// </summary>
public sealed class Recording
{
    private readonly Lock _lock = new();
    private readonly string _root;
    private readonly DiskImage _names;
    private int _nextNode;

    /// <param name="root">An existing folder. An image of it is taken now.</param>
    /// <param name="reallySync">Pass fsync and syncfs on to the real disk. Recorded they are either way; a test has no use for the wait.</param>
    public Recording(string root, bool reallySync = false)
    {
        _root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));
        ReallySync = reallySync;
        using var folder = LocalFolders.Open(_root);
        var start = DiskImage.Of(folder);
        _names = start.Fork();
        _nextNode = start.NodeCount;
        Log = new OperationLog(start);
    }

    /// <summary>What was done so far.</summary>
    public OperationLog Log { get; }

    internal bool ReallySync { get; }

    /// <summary>Opens a folder: recorded when it is the root or lies below it, as it is otherwise. Fits a <c>Func&lt;string, IFolder&gt;</c>.</summary>
    public IFolder Open(string path) => Below(path) is { } below ? OpenBelow(below) : LocalFolders.Open(path);

    /// <summary>Creates a folder and its parents where missing, recorded, and opens it.</summary>
    public IFolder Create(string path)
    {
        if (Below(path) is not { } below)
            return LocalFolders.Create(path);
        using (var root = OpenBelow(EntryPath.Root))
            foreach (var part in Ancestors(below))
                if (root.TryStat(part) is null)
                    root.CreateFolder(part, 0x1ed); // 0755
        return OpenBelow(below);
    }

    /// <summary>Does something and logs what it was, as one step.</summary>
    internal T Do<T>(Func<(T Result, Operation? Operation)> step)
    {
        lock (_lock)
        {
            var (result, operation) = step();
            if (operation is not null)
            {
                if (operation is not Operation.OfData)
                    _names.Apply(operation, Fate.Kept, forced: true);
                Log.Append(operation);
            }
            return result;
        }
    }

    internal int NewNode() => _nextNode++;

    internal int Find(int folder, EntryPath path) =>
        _names.Find(folder, path) ?? throw new InvalidOperationException($"'{path}' was made behind the recording's back.");

    internal int? TryFind(int folder, EntryPath path) => _names.Find(folder, path);

    private RecordingFolder OpenBelow(EntryPath below)
    {
        lock (_lock)
        {
            var folder = LocalFolders.Open(below.IsRoot ? _root : Path.Combine(_root, System.Text.Encoding.UTF8.GetString(below.Bytes)));
            return new RecordingFolder(this, Find(DiskImage.Root, below), folder);
        }
    }

    private EntryPath? Below(string path)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (full == _root)
            return EntryPath.Root;
        return full.StartsWith(_root + "/", StringComparison.Ordinal) ? EntryPath.From(full[(_root.Length + 1)..]) : null;
    }

    private static IEnumerable<EntryPath> Ancestors(EntryPath path) =>
        path.IsRoot ? [] : Ancestors(path.Parent).Append(path);
}
