using Holdfast.Core.Model;

namespace Holdfast.Library.Run;

/// <summary>
/// Contents that were received in a run and not put yet; several workers receive, one thread puts. A second file with one of
/// them is not sent: it waits until the first is through, and whichever of the two is put first brings the bytes.
/// </summary>
internal sealed class ArrivedContents
{
    private readonly Lock _lock = new();
    private readonly Dictionary<EntryPath, IStagedContent> _staged = [];
    private readonly Dictionary<ContentId, EntryPath> _bringers = [];
    private readonly HashSet<ContentId> _shared = [];
    private readonly Dictionary<ContentId, TaskCompletionSource> _underWay = [];
    private readonly Dictionary<EntryPath, ContentId> _workers = [];

    /// <summary>Takes note of bytes that are complete.</summary>
    public void Add(Entry entry, IStagedContent staged)
    {
        lock (_lock)
        {
            _staged[entry.Path] = staged;
            if (entry.Content is { } content)
                _bringers.TryAdd(content, entry.Path);
        }
    }

    /// <summary>
    /// True when the bytes came in this run; they stay then until somebody puts them. Waits for a worker that is at them just now.
    /// When it is false, the path's worker is the one that is at them, until <see cref="Release"/>.
    /// </summary>
    public bool MayShare(ContentId content, EntryPath path)
    {
        while (true)
        {
            TaskCompletionSource? other;
            lock (_lock)
            {
                if (_bringers.ContainsKey(content))
                {
                    _shared.Add(content);
                    return true;
                }
                if (!_underWay.TryGetValue(content, out other))
                {
                    _underWay[content] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                    _workers[path] = content;
                    return false;
                }
            }
            // A worker that waits is at no contents itself, so nobody waits for it.
            other.Task.GetAwaiter().GetResult();
        }
    }

    /// <summary>The path's worker is through: its bytes arrived, or somebody else may send them.</summary>
    public void Release(EntryPath path)
    {
        lock (_lock)
            if (_workers.Remove(path, out var content) && _underWay.Remove(content, out var waiting))
                waiting.SetResult();
    }

    /// <summary>The bytes that go with a file that is put now; null when they went before, or the library has them.</summary>
    public IStagedContent? Take(Entry entry)
    {
        lock (_lock)
        {
            if (_staged.Remove(entry.Path, out var own))
                return own;
            return entry.Content is { } content && _bringers.TryGetValue(content, out var bringer) && _staged.Remove(bringer, out var shared) ? shared : null;
        }
    }

    /// <summary>The bytes of a file that is not put, to be dropped; null when another file needs them.</summary>
    public IStagedContent? Discard(EntryPath path)
    {
        lock (_lock)
        {
            foreach (var (content, bringer) in _bringers)
                if (bringer == path)
                {
                    if (_shared.Contains(content))
                        return null;
                    _bringers.Remove(content);
                    break;
                }
            return _staged.Remove(path, out var staged) ? staged : null;
        }
    }

    /// <summary>What nobody put.</summary>
    public IReadOnlyList<IStagedContent> Rest()
    {
        lock (_lock)
            return [.. _staged.Values];
    }
}
