using Holdfast.Core.Model;
using Holdfast.Core.Sources.Rules;

namespace Holdfast.Library.Syncing;

/// <summary>Whether a path belongs to what is synced, asked of paths that the folder may not have.</summary>
internal sealed class FolderRules(ScanRules rules)
{
    private readonly Dictionary<EntryPath, RuleVerdict> _folders = new() { [EntryPath.Root] = RuleVerdict.Start(rules) };

    public bool Include(EntryPath path)
    {
        if (LibraryLayout.IsOurs(path) || rules.FilesFrom?.Contains(path) == false)
            return false;
        return OfFolder(path.Parent) is { Excluded: false } above
            && (above.Included || above.MayHoldIncluded)
            && rules.Decide(above, path, isFolder: false) is { Excluded: false, Included: true };
    }

    /// <summary>Files of more bytes are left alone.</summary>
    public bool Include(long size) => size <= (rules.ExcludeLargerThan ?? long.MaxValue);

    private RuleVerdict OfFolder(EntryPath path)
    {
        if (_folders.TryGetValue(path, out var known))
            return known;
        var above = OfFolder(path.Parent);
        return _folders[path] = above.Excluded ? above : rules.Decide(above, path, isFolder: true);
    }
}
