namespace Holdfast.Core.Engine.Restoring;

/// <summary>
/// What gets its names together, after one barrier: items and the folders that are done after them, in path order. Its size
/// is bounded, so that memory, open folders and what an interruption undoes do not grow with the restore.
/// </summary>
internal sealed class RestoreGroup
{
    private const int MostSteps = 8192, MostFolders = 400;
    private const long MostBytes = 4L * 1024 * 1024 * 1024;

    private int _folders;
    private long _bytes;

    /// <summary>Items, and folders to close.</summary>
    public List<object> Steps { get; } = [];

    public IEnumerable<RestoreItem> Items => Steps.OfType<RestoreItem>();

    public bool IsFull => Steps.Count >= MostSteps || _folders >= MostFolders || _bytes >= MostBytes;

    public void Add(RestoreItem item)
    {
        Steps.Add(item);
        if (item.LinkTo is null)
            _bytes += item.Entry.Size;
    }

    public void Add(OpenFolder folder)
    {
        Steps.Add(folder);
        _folders++;
    }
}
