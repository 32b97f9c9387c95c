namespace Holdfast.Library.Syncing;

/// <summary>Cuts what is to be transferred into groups that share a barrier.</summary>
internal static class SyncGroups
{
    private const int MostFiles = 1000;
    private const long MostBytes = 256L << 20;

    public static IEnumerable<List<SyncAction>> Of(IEnumerable<SyncAction> actions, Func<SyncAction, long> sizeOf)
    {
        var (group, bytes) = (new List<SyncAction>(), 0L);
        foreach (var action in actions)
        {
            group.Add(action);
            bytes += sizeOf(action);
            if (group.Count < MostFiles && bytes < MostBytes)
                continue;
            yield return group;
            (group, bytes) = ([], 0);
        }
        if (group.Count > 0)
            yield return group;
    }
}
