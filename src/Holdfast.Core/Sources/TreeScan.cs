using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Sources.Rules;

namespace Holdfast.Core.Sources;

/// <summary>One walk over one folder, in path order, with the rules applied on the way down.</summary>
internal sealed class TreeScan(
    SourceRoot root,
    IFolderReader rootFolder,
    ScanRules rules,
    ScanCounters counters,
    LinkGroups links,
    Owners owners,
    DateTimeOffset now,
    PostponedFiles? postponed)
{
    private readonly Stack<Level> _levels = new();

    // How many of the levels nothing has named yet.
    private int _waiting;

    public IEnumerable<ScanItem> Walk(CancellationToken cancellationToken)
    {
        if (root.OnlyName is { } name)
            return Single(EntryPath.From(name));
        return WalkFolder(cancellationToken);
    }

    private IEnumerable<ScanItem> Single(EntryPath name)
    {
        var stat = rootFolder.TryStat(name);
        counters.Seen++;
        if (stat is { } found)
            yield return new FoundEntry(MakeEntry(root.Prefix, found, default, tracked: rules.Include.IsEmpty));
        else
            yield return new UnknownPath(root.Prefix, WithSubtree: false, $"'{rootFolder.Display}/{name}' is not there", IsFailure: true);
    }

    private IEnumerable<ScanItem> WalkFolder(CancellationToken cancellationToken)
    {
        foreach (var item in EnterRoot())
            yield return item;

        while (_levels.TryPeek(out var level))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (level.Next == level.Listing.Count)
            {
                _levels.Pop();
                if (level.Waiting is not null)
                    _waiting--;
                if (level.Owned)
                    level.Folder.Dispose();
                continue;
            }
            foreach (var item in Visit(level, level.Next++))
                yield return item;
        }
    }

    private IEnumerable<ScanItem> EnterRoot()
    {
        try
        {
            var stat = rootFolder.Stat(EntryPath.Root);
            var entry = MakeEntry(root.Prefix, stat, default, tracked: true) with { IsMountPoint = root.IsMountPoint };
            return Enter(rootFolder, owned: false, root.Prefix, stat, RuleVerdict.Start(rules), entry, emitNow: true);
        }
        catch (FileSystemException e)
        {
            return [new UnknownPath(root.Prefix, WithSubtree: true, e.Message, IsFailure: true) { IsDenied = e.IsDenied }];
        }
    }

    private IEnumerable<ScanItem> Visit(Level level, int index)
    {
        var path = level.Path.Child(level.Listing[index]);
        counters.Seen++;
        FileStat stat = default;
        FileSystemException? error = null;
        try
        {
            stat = level.Folder.StatName(level.Listing.NulTerminated(index));
        }
        catch (FileSystemException e)
        {
            error = e;
        }
        if (error is not null)
            // Gone since the folder was listed: it is not there. Any other error: nothing is known of it.
            return error.IsNotFound && !IsListed(level.Folder, level.Listing[index]) ? [] : [new UnknownPath(path, WithSubtree: true, error.Message, IsFailure: true) { IsDenied = error.IsDenied }];

        var isFolder = stat.Type == EntryType.Folder;
        var verdict = rules.Decide(level.Verdict, path, isFolder);
        if (verdict.Excluded)
        {
            counters.Excluded++;
            return [];
        }
        if (!IsListed(path, isFolder))
        {
            counters.NotListed++;
            return [];
        }
        if (isFolder)
            return verdict.Included || verdict.MayHoldIncluded ? VisitFolder(level, path, stat, verdict) : NotIncluded();
        return verdict.Included ? VisitOther(level, path, stat, verdict, index) : NotIncluded();
    }

    private IEnumerable<ScanItem> VisitFolder(Level level, EntryPath path, FileStat stat, RuleVerdict verdict)
    {
        var isMount = stat.Device != level.Stat.Device || stat.Mount != level.Stat.Mount;
        if (isMount && rules.OneFileSystem)
        {
            counters.OtherFileSystems++;
            var hidden = new HiddenBelow(path);
            return verdict.Included ? [.. Waiting(), hidden, new FoundEntry(MakeEntry(path, stat, default, verdict.Tracked))] : [hidden];
        }
        IFolderReader? folder = null;
        var entry = MakeEntry(path, stat, default, verdict.Included ? verdict.Tracked : !rules.Track.IsEmpty) with { IsMountPoint = isMount };
        try
        {
            folder = level.Folder.OpenFolder(path.RelativeTo(level.Path));
            return Enter(folder, owned: true, path, stat, verdict, entry, emitNow: verdict.Included);
        }
        catch (FileSystemException e)
        {
            folder?.Dispose();
            if (e.IsNotFound && !IsThere(level.Folder, path))
                return [];
            var unknown = new UnknownPath(path, WithSubtree: true, e.Message, IsFailure: true) { IsDenied = e.IsDenied };
            return verdict.Included ? [.. Waiting(), new FoundEntry(entry), unknown] : [unknown];
        }
    }

    private IEnumerable<ScanItem> VisitOther(Level level, EntryPath path, FileStat stat, RuleVerdict verdict, int index)
    {
        if (stat.Type == EntryType.File && stat.Size > (rules.ExcludeLargerThan ?? long.MaxValue))
        {
            counters.TooLarge++;
            return [];
        }
        if (stat.Type == EntryType.File && rules.MinAge is { } age && now - stat.Modified.ToDateTimeOffset() < age && (postponed?.MayPostpone(path) ?? true))
        {
            counters.TooRecent++;
            return [new UnknownPath(path, WithSubtree: false, "changed just now (min_age)", IsFailure: false)];
        }
        byte[]? target = null;
        if (stat.Type == EntryType.Symlink)
        {
            try
            {
                target = level.Folder.ReadSymlink(EntryPath.From(level.Listing[index]));
            }
            catch (FileSystemException e)
            {
                return e.IsNotFound && !IsThere(level.Folder, path) ? [] : [new UnknownPath(path, WithSubtree: false, e.Message, IsFailure: true) { IsDenied = e.IsDenied }];
            }
        }
        var found = new FoundEntry(MakeEntry(path, stat, target, verdict.Tracked));
        return _waiting > 0 ? [.. Waiting(), found] : [found];
    }

    /// <summary>True unless the folder, listed once more, lacks the name: some network file systems list names that they then do not find.</summary>
    private static bool IsListed(IFolderReader folder, ReadOnlySpan<byte> name)
    {
        try
        {
            return folder.List().Contains(name);
        }
        catch (FileSystemException e)
        {
            return !e.IsNotFound;
        }
    }

    /// <summary>True unless the system says that nothing has the name: a folder whose automount fails is there, and is not found when it is opened.</summary>
    private static bool IsThere(IFolderReader folder, EntryPath path)
    {
        try
        {
            return folder.TryStat(EntryPath.From(path.Name)) is not null;
        }
        catch (FileSystemException e)
        {
            return !e.IsNotFound;
        }
    }

    private IEnumerable<ScanItem> NotIncluded()
    {
        counters.NotIncluded++;
        return [];
    }

    /// <summary>Lists a folder, looks for flag files, and makes it the folder whose entries come next.</summary>
    private IEnumerable<ScanItem> Enter(IFolderReader folder, bool owned, EntryPath path, FileStat stat, RuleVerdict verdict, Entry entry, bool emitNow)
    {
        var listing = folder.List();
        if (FlagIn(folder, listing))
        {
            if (owned)
                folder.Dispose();
            return [];
        }
        ScanItem[] items = emitNow ? [.. Waiting(), new FoundEntry(entry)] : [];
        _levels.Push(new Level(folder, owned, path, stat, verdict, listing) { Waiting = emitNow ? null : entry });
        if (!emitNow)
            _waiting++;
        return items;
    }

    private bool FlagIn(IFolderReader folder, FolderListing listing)
    {
        foreach (var flag in rules.ExcludeIfPresent)
            if (listing.Contains(System.Text.Encoding.UTF8.GetBytes(flag)))
            {
                counters.FlagFile++;
                return true;
            }
        if (rules.ExcludeCaches && CacheTag.MarksCache(folder, listing))
        {
            counters.Caches++;
            return true;
        }
        return false;
    }

    private bool IsListed(EntryPath path, bool isFolder) =>
        rules.FilesFrom is not { } listed
        || listed.Contains(path)
        || (isFolder && listed.HasBelow(path));


    /// <summary>Folders on the way that nothing had named until now: they come before what they hold.</summary>
    private IEnumerable<FoundEntry> Waiting()
    {
        if (_waiting == 0)
            return [];
        var waiting = new List<FoundEntry>(_waiting);
        foreach (var level in _levels.Reverse())
            if (level.Waiting is { } entry)
            {
                waiting.Add(new FoundEntry(entry));
                level.Waiting = null;
            }
        _waiting = 0;
        return waiting;
    }

    private Entry MakeEntry(EntryPath path, in FileStat stat, byte[]? target, bool tracked) => new()
    {
        Path = path,
        Type = stat.Type,
        Size = stat.Type == EntryType.File ? stat.Size : 0,
        Modified = stat.Modified,
        Mode = stat.Mode,
        UserId = stat.UserId,
        GroupId = stat.GroupId,
        User = owners.UserName(stat.UserId),
        Group = owners.GroupName(stat.GroupId),
        LinkTarget = target,
        Device = stat.Type is EntryType.CharDevice or EntryType.BlockDevice ? stat.Special : null,
        LinkedWith = links.FirstOf(stat, path),
        Tracked = tracked,
        Identity = stat.Identity,
        IsSparse = stat.IsSparse,
    };

    private sealed class Level(IFolderReader folder, bool owned, EntryPath path, FileStat stat, RuleVerdict verdict, FolderListing listing)
    {
        public IFolderReader Folder => folder;
        public bool Owned => owned;
        public EntryPath Path => path;
        public FileStat Stat => stat;
        public RuleVerdict Verdict => verdict;
        public FolderListing Listing => listing;
        public int Next { get; set; }
        public Entry? Waiting { get; set; }
    }
}
