using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;

namespace Holdfast.Core.Engine.Restoring;

/// <summary>
/// A folder that things are restored into. Opened name by name from the folder above and never through a symlink, so that
/// nothing is written outside the restored tree. In a dry run a folder that is not there yet is open all the same, with
/// nothing in it.
/// </summary>
internal sealed class OpenFolder : IDisposable
{
    private const int OwnerAll = 0x1c0, SetGroup = 0x400;

    private readonly List<int> _unknown = [];
    private FolderListing _listing = FolderListing.Of([]);
    private int _cursor;
    private bool _madeWritable, _disposed;
    private bool? _inherits;

    private OpenFolder(EntryPath path, OpenFolder? parent, IFolder? folder)
    {
        Path = path;
        Parent = parent;
        Folder = folder;
        Scope = path;
    }

    /// <summary>Where it lies in the snapshot.</summary>
    public EntryPath Path { get; }

    /// <summary>The part of the snapshot it is open for: itself, or one file of it.</summary>
    public EntryPath Scope { get; init; }

    public OpenFolder? Parent { get; }

    public IFolder? Folder { get; }

    /// <summary>As it was when it was opened.</summary>
    public FileStat Before { get; private init; }

    /// <summary>What it is to be when everything in it is done; null to leave its metadata alone.</summary>
    public Entry? Final { get; set; }

    /// <summary>True when all of it is restored, so that what the snapshot does not have may be removed.</summary>
    public bool IsWhole { get; set; }

    /// <summary>True when this restore made it.</summary>
    public bool IsNew { get; set; }

    public bool IsEmpty => _listing.Count == 0;

    public EntryPath Name => EntryPath.Root.Child(Path.Name);

    /// <summary>True when new files in it get a group or an ACL from it.</summary>
    public bool Inherits => _inherits ??= (Before.Mode & SetGroup) != 0
        || Folder!.ReadAttributes(EntryPath.Root).Items.ToArray().Any(a => a.Name.AsSpan().SequenceEqual("system.posix_acl_default"u8));

    /// <summary>A folder as people name it; symlinks on the way are followed.</summary>
    public static OpenFolder AtRoot(EntryPath path, EntryPath scope, IFolder folder) =>
        new(path, null, folder) { Scope = scope, Before = folder.Stat(EntryPath.Root), _listing = folder.List() };

    /// <summary>A folder that a dry run did not make.</summary>
    public static OpenFolder Planned(EntryPath path, OpenFolder? parent) => new(path, parent, null) { IsNew = true };

    /// <summary>A folder that was just made.</summary>
    public static OpenFolder New(EntryPath path, OpenFolder parent)
    {
        var folder = parent.Folder!.OpenFolder(EntryPath.Root.Child(path.Name));
        return new OpenFolder(path, parent, folder) { Before = folder.Stat(EntryPath.Root), IsNew = true };
    }

    /// <summary>A folder that was there before.</summary>
    public static OpenFolder Existing(EntryPath path, OpenFolder parent, in FileStat stat, bool dryRun)
    {
        const int ownerMayEnter = 0x140;
        var name = EntryPath.Root.Child(path.Name);
        var mustOpenUp = (stat.Mode & ownerMayEnter) != ownerMayEnter && !Owners.MayChangeOwners && !dryRun;
        if (mustOpenUp)
            parent.Folder!.SetMode(name, stat.Mode | OwnerAll);
        var folder = parent.Folder!.OpenFolder(name);
        return new OpenFolder(path, parent, folder) { Before = stat, _listing = folder.List(), _madeWritable = mustOpenUp };
    }

    /// <summary>What is there under a name, spelled exactly so.</summary>
    public FileStat? Find(EntryPath name) => _listing.Contains(name.Bytes) ? Folder!.TryStat(name) : null;

    /// <summary>The snapshot has this name here. Names come in order.</summary>
    public void Meet(ReadOnlySpan<byte> name)
    {
        while (_cursor < _listing.Count)
        {
            var order = _listing[_cursor].SequenceCompareTo(name);
            if (order > 0)
                return;
            if (order < 0)
                _unknown.Add(_cursor);
            _cursor++;
        }
    }

    /// <summary>Names that the snapshot did not have here, once it was read past the folder.</summary>
    public IEnumerable<EntryPath> Unknown()
    {
        for (; _cursor < _listing.Count; _cursor++)
            _unknown.Add(_cursor);
        foreach (var index in _unknown)
            if (!TemporaryName.Is(_listing[index]))
                yield return EntryPath.Root.Child(_listing[index]);
    }

    /// <summary>Removes what an interrupted restore left.</summary>
    public void RemoveLeftovers()
    {
        for (var i = 0; i < _listing.Count; i++)
        {
            if (!TemporaryName.Is(_listing[i]))
                continue;
            MakeWritable();
            if (Folder!.TryStat(EntryPath.Root.Child(_listing[i])) is { Type: not EntryType.Folder })
                Folder.Remove(EntryPath.Root.Child(_listing[i]));
        }
    }

    /// <summary>Lets its owner write into it until <see cref="Close"/>; root may anyway.</summary>
    public void MakeWritable()
    {
        if (_madeWritable || Owners.MayChangeOwners || (Before.Mode & OwnerAll) == OwnerAll)
            return;
        SetMode(Before.Mode | OwnerAll);
        _madeWritable = true;
    }

    /// <summary>Nothing more is written into it: sets its final metadata, its times among them.</summary>
    public void Close(MetadataWriter metadata)
    {
        var (holder, name) = Parent is null ? (this, EntryPath.Root) : (Parent, Name);
        if (Final is { } final)
        {
            if (!ExistingEntry.SameMetadata(holder, name, holder.Folder!.Stat(name), final, 1))
                metadata.Apply(holder.Folder, name, final);
        }
        else if (_madeWritable)
        {
            SetMode(Before.Mode);
        }
    }

    /// <summary>Uses the folder, opening it again when it was closed.</summary>
    public void Use(Action<IFolder> use)
    {
        if (!_disposed)
            use(Folder!);
        else
            Parent!.Use(above =>
            {
                using var again = above.OpenFolder(Name);
                use(again);
            });
    }

    public void Dispose()
    {
        _disposed = true;
        _listing = FolderListing.Of([]);
        Folder?.Dispose();
    }

    private void SetMode(int mode)
    {
        if (Parent is null)
            Folder!.SetMode(EntryPath.Root, mode);
        else
            Parent.Folder!.SetMode(Name, mode);
    }
}
