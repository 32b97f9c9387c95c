using System.Globalization;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;

namespace Holdfast.Core.Engine;

/// <summary>
/// What one target could not hold, told in path order. A folder that could not be held is named once, with the number of
/// paths below it; and no further name of a file can be held whose first name was not.
/// </summary>
/// <param name="target">How reasons call the target; empty when there is only one.</param>
/// <param name="counters">Where the paths are named.</param>
internal sealed class NotHeldPaths(string target, RunCounters counters)
{
    private readonly HashSet<EntryPath> _firsts = [];
    private (EntryPath Path, string Reason)? _folder;
    private long _below;

    /// <summary>True when the target cannot hold this path because of one that came before; it is counted then.</summary>
    public bool Covers(Change change)
    {
        if (_folder is { } folder && !change.Path.IsUnder(folder.Path))
            Finish();
        if (change.Kind == ChangeKind.Deleted)
            return false;
        if (_folder is not null)
        {
            _below++;
            RememberFirst(change);
            return true;
        }
        if (!change.IsFurtherName || !_firsts.Contains(change.Entry.LinkedWith!.Value))
            return false;
        counters.Fail(change.Path, Reason($"'{change.Entry.LinkedWith}', the first name of the same file, cannot be held"));
        return true;
    }

    public void Add(Change change, string reason)
    {
        RememberFirst(change);
        if (change.Entry.Type == EntryType.Folder && change.Known?.Entry.Type != EntryType.Folder)
            (_folder, _below) = ((change.Path, Reason(reason)), 0);
        else
            counters.Fail(change.Path, Reason(reason));
    }

    /// <summary>Names the last folder; nothing more comes below it.</summary>
    public void Finish()
    {
        if (_folder is { } folder)
            counters.Fail(folder.Path, _below == 0 ? folder.Reason : string.Create(CultureInfo.InvariantCulture, $"{folder.Reason}; nor the {_below:N0} paths below it"), alsoBelow: _below);
        _folder = null;
    }

    private string Reason(string reason) => target.Length == 0 ? reason : $"{target}: {reason}";

    private void RememberFirst(Change change)
    {
        if (change.Entry.LinkedWith == change.Path)
            _firsts.Add(change.Path);
    }
}
