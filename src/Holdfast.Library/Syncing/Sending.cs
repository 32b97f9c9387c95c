using Holdfast.Core.Engine;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;

namespace Holdfast.Library.Syncing;

/// <summary>Does to the library what was done to the folder. Bytes that the library holds under whatever path are not sent.</summary>
/// <param name="library">The library.</param>
/// <param name="open">Opens a file of the folder; null when it is not there any more.</param>
/// <param name="files">What the folder holds.</param>
/// <param name="options">How many files are sent at once.</param>
/// <param name="tally">Is told what became of each action.</param>
internal sealed class Sending(ISyncedLibrary library, Func<Entry, CancellationToken, Task<IFileReader?>> open, IReadOnlyDictionary<EntryPath, Entry> files, SyncOptions options, SyncTally tally)
{
    /// <summary>Does the actions: removals that make way, moves, puts in groups, the other removals.</summary>
    public async Task DoAsync(IReadOnlyList<SyncAction> actions, CancellationToken cancellationToken)
    {
        var first = MakingWay.Of(actions);
        // Invariant: contents that are still wanted under another path are never deleted for good.
        var wanted = files.Values.Select(f => f.Content).ToHashSet();
        await ChangeAsync([.. actions.Where(a => a.Kind == SyncStepKind.Remove && first.Contains(a.Path))], a => Removal(a, wanted), cancellationToken);
        await ChangeAsync([.. actions.Where(a => a.Kind == SyncStepKind.Move)], Moving, cancellationToken);
        foreach (var group in SyncGroups.Of(actions.Where(a => a.Kind == SyncStepKind.Put), a => files[a.Path].Size))
            await PutAsync(group, cancellationToken);
        var lacking = tally.Lacking(actions);
        await ChangeAsync([.. actions.Where(a => a.Kind == SyncStepKind.Remove && !first.Contains(a.Path) && !lacking.Contains(a.Old))], a => Removal(a, wanted), cancellationToken);
    }

    private static SyncStep Removal(SyncAction action, HashSet<ContentId?> wanted) =>
        new() { Kind = SyncStepKind.Remove, Path = action.Path, Expected = action.Old, IsWanted = wanted.Contains(action.Old) };

    private static SyncStep Moving(SyncAction action) => new() { Kind = SyncStepKind.Move, Path = action.Path, From = action.From, Expected = action.Old };

    private async Task ChangeAsync(IReadOnlyList<SyncAction> actions, Func<SyncAction, SyncStep> stepOf, CancellationToken cancellationToken)
    {
        if (actions.Count == 0)
            return;
        var outcomes = await library.ChangeAsync([.. actions.Select(stepOf)], cancellationToken);
        for (var i = 0; i < outcomes.Count; i++)
            tally.Ended(actions[i], outcomes[i]);
    }

    private async Task PutAsync(List<SyncAction> group, CancellationToken cancellationToken)
    {
        var contents = group.Select(a => a.New!.Value).Distinct().ToList();
        var answers = await library.AskAsync(contents, cancellationToken);
        var missing = contents.Where((_, i) => answers[i].Kind == PresenceKind.Missing).ToHashSet();
        // Of several paths with one content the first brings the bytes.
        var bringing = group.Where(a => missing.Remove(a.New!.Value)).Select(a => a.Path).ToHashSet();
        var lacking = await PutAsync(group, bringing, isLast: false, cancellationToken);
        // What was there when it was asked for may be gone: then each brings its own.
        if (lacking.Count > 0)
            await PutAsync(lacking, [.. lacking.Select(a => a.Path)], isLast: true, cancellationToken);
    }

    private async Task<List<SyncAction>> PutAsync(List<SyncAction> group, HashSet<EntryPath> bringing, bool isLast, CancellationToken cancellationToken)
    {
        var staged = new System.Collections.Concurrent.ConcurrentDictionary<EntryPath, IStagedContent>();
        try
        {
            var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Workers ?? Environment.ProcessorCount, CancellationToken = cancellationToken };
            await Parallel.ForEachAsync(group.Where(a => bringing.Contains(a.Path)), parallel, async (action, stop) =>
            {
                if (await StageAsync(files[action.Path], stop) is { } bytes)
                    staged[action.Path] = bytes;
            });
            var ready = group.Where(a => !bringing.Contains(a.Path) || staged.ContainsKey(a.Path)).ToList();
            if (ready.Count == 0)
                return [];
            var outcomes = await library.ChangeAsync([.. ready.Select(a => Putting(a, staged.GetValueOrDefault(a.Path)))], cancellationToken);
            staged.Clear();
            return Note(ready, outcomes, isLast);
        }
        finally
        {
            foreach (var bytes in staged.Values)
                await bytes.DisposeAsync();
        }
    }

    private List<SyncAction> Note(List<SyncAction> actions, IReadOnlyList<StepOutcome> outcomes, bool isLast)
    {
        var lacking = new List<SyncAction>();
        for (var i = 0; i < outcomes.Count; i++)
            if (outcomes[i] == StepOutcome.Missing && !isLast)
                lacking.Add(actions[i]);
            else
                tally.Ended(actions[i], outcomes[i]);
        return lacking;
    }

    private SyncStep Putting(SyncAction action, IStagedContent? staged) =>
        new() { Kind = SyncStepKind.Put, Path = action.Path, Expected = action.Old, Entry = files[action.Path], Staged = staged };

    /// <summary>Sends the bytes of a file; null when they are not those that were hashed, or cannot be read.</summary>
    private async Task<IStagedContent?> StageAsync(Entry file, CancellationToken cancellationToken)
    {
        tally.Counters.Begin(file);
        var staged = await library.ReceiveAsync(file, cancellationToken);
        try
        {
            using var reading = new ContentReading(tally.Counters.Read);
            using var from = await open(file, cancellationToken);
            ContentId? content = from is null ? null : await reading.ReadAsync(from, file.Size, file.IsSparse, (position, bytes) => staged.WriteAsync(position, bytes, cancellationToken), cancellationToken);
            // Invariant: the library gets no contents but those that were hashed.
            if (content is not null && content == file.Content)
            {
                await staged.CompleteAsync(file, cancellationToken);
                tally.Sent(file.Size);
                return staged;
            }
            tally.Fail(file.Path, "it changed while the sync was at work; the next run takes it");
        }
        catch (FileSystemException e) when (!e.IsNoSpace)
        {
            tally.Fail(file.Path, e.Message);
        }
        catch
        {
            await staged.DisposeAsync();
            throw;
        }
        await staged.DisposeAsync();
        return null;
    }
}
