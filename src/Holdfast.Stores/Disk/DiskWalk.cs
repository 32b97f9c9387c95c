using System.Text;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;

namespace Holdfast.Stores.Disk;

/// <summary>All objects below a folder. What has no name of an object (unfinished puts, <c>lost+found</c>, somebody's notes) is passed over.</summary>
internal sealed class DiskWalk(IFolder root, Func<FileStat, string> versionOf)
{
    public IEnumerable<ObjectStat> Below(ObjectName? folder)
    {
        var open = new Stack<string>();
        open.Push(folder?.Text ?? "");
        while (open.TryPop(out var path))
        {
            using var here = TryOpen(path);
            if (here is null)
                continue;
            var listing = here.List();
            for (var i = 0; i < listing.Count; i++)
            {
                // What is not ASCII becomes '?' and is no part of a name.
                var part = Encoding.ASCII.GetString(listing[i]);
                if (!ObjectName.IsPart(part) || !ObjectName.TryParse(path.Length == 0 ? part : $"{path}/{part}", out var name))
                    continue;
                // Null: removed since the folder was listed.
                var stat = here.TryStat(EntryPath.From(listing[i]));
                if (stat is { Type: EntryType.Folder })
                    open.Push(name.Text);
                else if (stat is { Type: EntryType.File })
                    yield return new ObjectStat(name, stat.Value.Size, versionOf(stat.Value));
            }
        }
    }

    // Null when the system says that there is no such folder: one below the root may never have been made, or be gone since it was seen.
    private IFolder? TryOpen(string path)
    {
        // Opened anew each time: a root that was removed meanwhile is an error here, never an empty list.
        root.List();
        try
        {
            return root.OpenFolder(path.Length == 0 ? EntryPath.Root : EntryPath.From(path));
        }
        catch (FileSystemException e) when (e.IsNotFound && path.Length > 0)
        {
            return null;
        }
    }
}
