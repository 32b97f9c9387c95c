using System.Globalization;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;

namespace Holdfast.Library;

/// <summary>Taking in what comes, in groups.</summary>
public sealed partial class LibraryFolder
{
    /// <inheritdoc/>
    public Task<IStagedContent> ReceiveAsync(Entry entry, CancellationToken cancellationToken)
    {
        var name = EntryPath.From(Interlocked.Increment(ref _nextStaged).ToString(CultureInfo.InvariantCulture));
        return Task.FromResult<IStagedContent>(new StagedFile(_incoming, name, _metadata));
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Kept>> KeepAsync(IReadOnlyList<Arrival> group, CancellationToken cancellationToken)
    {
        var mine = new Waiting(group, new TaskCompletionSource<IReadOnlyList<Kept>>(TaskCreationOptions.RunContinuationsAsynchronously));
        _waiting.Enqueue(mine);
        await _keeping.WaitAsync(CancellationToken.None);
        try
        {
            // What came while others were at the barrier shares the next one.
            if (!mine.Done.Task.IsCompleted)
                KeepWaiting();
        }
        finally
        {
            _keeping.Release();
        }
        return await mine.Done.Task;
    }

    private sealed record Waiting(IReadOnlyList<Arrival> Group, TaskCompletionSource<IReadOnlyList<Kept>> Done);

    private void KeepWaiting()
    {
        var groups = new List<Waiting>();
        while (_waiting.TryDequeue(out var next))
            groups.Add(next);
        try
        {
            _arriving.TakeUp(); // What a group left that failed.
            IReadOnlyList<Arrival> arrivals = [.. groups.SelectMany(g => g.Group)];
            var kept = new Keeping(_place, _incoming, _index, _record, _contents, _arriving, _time).Keep(arrivals);
            for (var i = 0; OnKept is not null && i < kept.Count; i++)
                OnKept(arrivals[i], kept[i]);
            var at = 0;
            foreach (var waiting in groups)
            {
                waiting.Done.SetResult([.. kept.Skip(at).Take(waiting.Group.Count)]);
                at += waiting.Group.Count;
            }
        }
        catch (Exception e)
        {
            foreach (var waiting in groups)
                waiting.Done.TrySetException(e);
        }
    }
}
