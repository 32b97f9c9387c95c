using Holdfast.Core.Model;
using Holdfast.Library.Index;

namespace Holdfast.Library.Reading;

/// <summary>The names of a client's job, a folder at a time.</summary>
internal static class UploadedNames
{
    /// <summary>What lies in a folder itself; what lies below its folders is passed over, however much it is.</summary>
    public static IEnumerable<Entry> In(LibraryIndex index, string client, string job, EntryPath folder)
    {
        EntryPath? after = folder.IsRoot ? null : folder;
        while (index.NamesAfter(client, job, after) is { Count: > 0 } page)
            foreach (var entry in page)
            {
                after = entry.Path;
                if (!entry.Path.IsAtOrUnder(folder))
                    yield break;
                if (entry.Path.IsRoot)
                    continue;
                var child = entry.Path;
                while (child.Parent != folder)
                    child = child.Parent;
                yield return child == entry.Path ? entry : new Entry { Path = child, Type = EntryType.Folder, Mode = LibraryLayout.FolderMode, Modified = entry.Modified };
                if (child == entry.Path && entry.Type != EntryType.Folder)
                    continue;
                after = EntriesNow.Behind(child);
                break;
            }
    }
}
