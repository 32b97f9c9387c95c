using Holdfast.Core.Engine;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Sources;

namespace Holdfast.Library.Syncing;

/// <summary>What a folder holds now. Only what size, mtime, ctime and inode do not explain is read.</summary>
/// <param name="folder">The folder.</param>
/// <param name="source">The same, as something to scan.</param>
/// <param name="options">Rules, and how many files are read at once.</param>
/// <param name="counters">Counts, and what could not be read.</param>
internal sealed class FolderScan(IFolder folder, FileTreeSource source, SyncOptions options, RunCounters counters)
{
    private const int Attempts = 3;

    private readonly FolderRules _rules = new(options.Rules);
    private readonly HashSet<EntryPath> _unknown = [];
    private readonly List<EntryPath> _unknownTrees = [];
    private readonly bool _stable = folder.Traits.StableIdentity;

    /// <summary>Files with their contents.</summary>
    public Dictionary<EntryPath, Entry> Files { get; } = [];

    /// <summary>Symlinks and special files, which no library holds.</summary>
    public List<EntryPath> Others { get; } = [];

    /// <summary>Where other file systems are mounted; where one was and what it held is not known to be deleted, that one still.</summary>
    public HashSet<EntryPath> Mounts { get; } = [];

    /// <summary>Walks and reads.</summary>
    /// <param name="common">What both sides had in common last.</param>
    /// <param name="mounts">Where other file systems were mounted then; null when that is not known.</param>
    /// <param name="now">When it begins.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RunAsync(IReadOnlyDictionary<EntryPath, BaseFile> common, IReadOnlyList<EntryPath>? mounts, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var unread = new List<Entry>();
        foreach (var item in source.Scan(options.Rules, counters.Scan, now, cancellationToken))
            if (!LibraryLayout.IsOurs(item.Path))
                Take(item, common, unread);
        // One at a time where the disk turns, and where a phone serves one reader at a time.
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = source.Rotational ? 1 : options.Workers ?? Environment.ProcessorCount, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(unread, parallel, async (entry, stop) =>
        {
            if (await HashAsync(entry, stop) is { } read)
                lock (Files)
                    Files[entry.Path] = read;
        });
        if (mounts is not null && !options.AllowDeletions)
            CompareMounts(common, mounts);
    }

    /// <summary>False when nothing is known of a path, so that it counts neither as there nor as deleted.</summary>
    public bool IsKnown(EntryPath path)
    {
        if (Files.ContainsKey(path))
            return true;
        if (!_rules.Include(path) || _unknown.Contains(path) || _unknownTrees.Exists(path.IsAtOrUnder))
            return false;
        try
        {
            // What is there but was left out (a flag file, another file system, a symlink) is not deleted.
            return folder.TryStat(path) is null or { Type: EntryType.Folder };
        }
        catch (FileSystemException e)
        {
            return e.IsNotFound;
        }
    }

    /// <summary>True for sizes that the rules take.</summary>
    public bool Takes(long size) => _rules.Include(size);

    /// <summary>Promise 5: what lies on a file system that is not mounted, or below one that was not, is not deleted.</summary>
    private void CompareMounts(IReadOnlyDictionary<EntryPath, BaseFile> common, IReadOnlyList<EntryPath> before)
    {
        foreach (var path in before.Where(b => !Mounts.Contains(b)).ToList())
        {
            counters.Fail(path, "the file system that was mounted here is not there; nothing below it was removed (--allow-deletions removes it)");
            _unknownTrees.Add(path);
            Mounts.Add(path);
        }
        foreach (var path in Mounts.Except(before).Where(m => common.Keys.Any(k => k.IsUnder(m) && !Files.ContainsKey(k))).ToList())
        {
            counters.Fail(path, "a file system is mounted over what was here; nothing of that was removed (--allow-deletions removes it)");
            _unknownTrees.Add(path);
            Mounts.Remove(path);
        }
    }

    private void Take(ScanItem item, IReadOnlyDictionary<EntryPath, BaseFile> common, List<Entry> unread)
    {
        switch (item)
        {
            case FoundEntry { Entry: { Type: EntryType.File } entry }:
                counters.Count(entry);
                if (!options.Checksum && common.TryGetValue(entry.Path, out var before) && before.IsUntouched(entry, _stable))
                    Files[entry.Path] = entry with { Content = before.Content };
                else
                    unread.Add(entry);
                break;
            case FoundEntry { Entry: var entry }:
                counters.Count(entry);
                if (entry.Type != EntryType.Folder)
                    Others.Add(entry.Path);
                else if (entry.IsMountPoint && !entry.Path.IsRoot)
                    Mounts.Add(entry.Path);
                break;
            case UnknownPath unknown:
                if (unknown.IsFailure)
                    counters.Fail(unknown.Path, unknown.Reason);
                else
                    counters.Postponed++;
                if (unknown.WithSubtree)
                    _unknownTrees.Add(unknown.Path);
                else
                    _unknown.Add(unknown.Path);
                break;
            case HiddenBelow hidden:
                _unknownTrees.Add(hidden.Path);
                break;
        }
    }

    private async Task<Entry?> HashAsync(Entry entry, CancellationToken cancellationToken)
    {
        try
        {
            using var reading = new ContentReading(counters.Read);
            for (var attempt = 1; attempt <= Attempts; attempt++)
            {
                using var file = source.OpenFile(entry.Path);
                var before = file.Stat();
                var content = await reading.ReadAsync(file, before.Size, before.IsSparse, take: null, cancellationToken);
                if (reading.Length == before.Size && file.Stat().SameContentsAs(before))
                {
                    counters.FileDone();
                    return entry with { Size = before.Size, Modified = before.Modified, Mode = before.Mode, Identity = before.Identity, Content = content };
                }
            }
            Unknown(entry.Path, "it changes while it is read");
        }
        catch (FileSystemException e)
        {
            Unknown(entry.Path, e.Message);
        }
        return null;
    }

    private void Unknown(EntryPath path, string reason)
    {
        counters.Fail(path, reason);
        lock (_unknown)
            _unknown.Add(path);
    }
}
