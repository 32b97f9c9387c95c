using Holdfast.Core.Engine;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Library.Syncing;

namespace Holdfast.Library.Replicating;

/// <summary>
/// Makes one library an exact copy of another when a server keeps one of them: what a sync does to a library, with the other
/// library for a folder that is always right. What it removes or replaces lies in the copy's trash for a while.
/// </summary>
/// <param name="source">The library; is only read.</param>
/// <param name="replica">Its copy.</param>
/// <param name="time">The clock.</param>
public sealed class RemoteReplica(ISyncedLibrary source, ISyncedLibrary replica, TimeProvider time)
{
    private readonly string _name = SyncMark.NameOf("replica", source.Id);

    /// <summary>Does it.</summary>
    /// <exception cref="HoldfastException">The deletion brake; the copy is another library's; or one of the two does not answer.</exception>
    public async Task<ReplicaReport> RunAsync(ReplicaOptions options, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var (wanted, busy) = await FilesAsync(source, cancellationToken);
        var (there, unknown) = await FilesAsync(replica, cancellationToken);
        await RequireCopyAsync(there.Count + unknown.Count, cancellationToken);
        var actions = Plan(wanted, there, busy.Concat(unknown).ToHashSet());
        Brake(actions, wanted.Count + busy.Count, there.Count, options);
        var tally = new SyncTally(new RunCounters());
        foreach (var path in busy)
            tally.Fail(path, "somebody writes to it just now, or its disk is not mounted; what the copy has of it stays, and a later run takes it");
        if (!options.DryRun)
            await DoAsync(actions, wanted, tally, cancellationToken);
        var done = actions.Where(a => options.DryRun || tally.IsDone(a)).ToList();
        return new ReplicaReport
        {
            Files = wanted.Count + busy.Count,
            Added = done.Count(a => a.Kind == SyncStepKind.Move || a is { Kind: SyncStepKind.Put, Old: null }),
            Replaced = done.Count(a => a is { Kind: SyncStepKind.Put, Old: not null }),
            Removed = done.Count(a => a.Kind is SyncStepKind.Remove or SyncStepKind.Move),
            BytesCopied = options.DryRun ? actions.Where(a => a.Kind == SyncStepKind.Put).Sum(a => wanted[a.Path].Size) : tally.BytesSent,
            Failures = [.. tally.Counters.Failures.Select(f => (f.Path, f.Reason))],
            Duration = time.GetElapsedTime(started),
        };
    }

    private async Task DoAsync(IReadOnlyList<SyncAction> actions, Dictionary<EntryPath, Entry> wanted, SyncTally tally, CancellationToken cancellationToken)
    {
        // Before anything is copied: a run that is cut off is gone on with.
        await replica.SealAsync(_name, SyncMark.New(), cancellationToken);
        await new Sending(replica, (file, stop) => source.OpenAsync(file.Content!.Value, stop), wanted, new SyncOptions(), tally).DoAsync(actions, cancellationToken);
        foreach (var file in new[] { RecordFile.Names, RecordFile.Log })
        {
            using var from = await source.OpenRecordAsync(file, cancellationToken);
            await replica.ReplaceRecordAsync(file, from, cancellationToken);
        }
    }

    /// <summary>The copy is what both had in common last, so whatever differs is to be done to it.</summary>
    private static IReadOnlyList<SyncAction> Plan(Dictionary<EntryPath, Entry> wanted, Dictionary<EntryPath, Entry> there, HashSet<EntryPath> unknown) => SyncPlan.Of(
        there.ToDictionary(f => f.Key, f => new BaseFile(f.Key, f.Value.Content!.Value, f.Value.Size, f.Value.Modified, null, 0)),
        wanted.ToDictionary(f => f.Key, f => f.Value.Content!.Value),
        there.ToDictionary(f => f.Key, f => f.Value.Content!.Value),
        path => !unknown.Contains(path)).Actions;

    private void Brake(IReadOnlyList<SyncAction> actions, long inSource, long inReplica, ReplicaOptions options)
    {
        if (inSource == 0 && inReplica > 0)
            throw new HoldfastException(
                ErrorKind.Failed,
                $"stopped: {source.Name} holds no file, but {replica.Name} holds {inReplica:N0}. Is the disk of the source mounted?",
                "An empty library never empties a copy. If this is meant, delete the copy by hand.");
        if (!options.AllowDeletions)
            DeletionBrake.Check(
                replica.Name, inReplica, actions.Count(a => a.Kind == SyncStepKind.Remove), actions.Count(a => a is { Kind: SyncStepKind.Put, Old: not null }), emptyFolder: null, options.MaxDelete, () => 0);
    }

    private async Task RequireCopyAsync(long files, CancellationToken cancellationToken)
    {
        if (source.Id == replica.Id)
            throw new HoldfastException(ErrorKind.Usage, $"{source.Name} and {replica.Name} are the same library.", "Name another one for the copy.");
        if (files > 0 && await replica.MarkAsync(_name, cancellationToken) is null)
            throw new HoldfastException(
                ErrorKind.NoPlace,
                $"{replica.Name} is no copy of {source.Name}: its files would be removed.",
                "Choose an empty library, or one that 'library replicate' made from the same library.");
    }

    private static async Task<(Dictionary<EntryPath, Entry> Files, List<EntryPath> Unknown)> FilesAsync(ISyncedLibrary library, CancellationToken cancellationToken)
    {
        var (files, unknown) = (new Dictionary<EntryPath, Entry>(), new List<EntryPath>());
        EntryPath? after = null;
        do
        {
            (var page, after) = await library.PageAsync(after, cancellationToken);
            foreach (var file in page)
                if (file.Content is null)
                    unknown.Add(file.Path);
                else
                    files[file.Path] = file;
        }
        while (after is not null);
        return (files, unknown);
    }
}
