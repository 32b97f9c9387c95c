using Holdfast.Core.Engine;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Sources;
using Holdfast.Core.Targets;

namespace Holdfast.Library.Syncing;

/// <summary>
/// Makes a folder and a library the same, in both directions: scan both ⋈ what they had in common last → plan → brake → the
/// library's side → the folder's side → the new base. Each change of either side is one step that happens only when the path
/// holds what the plan thinks, and what it replaces or removes lies in the trash, so a run may end anywhere.
/// </summary>
/// <param name="target">The library.</param>
/// <param name="open">Opens folders; another one than <see cref="LocalFolders.Open"/> only in tests.</param>
/// <param name="time">The clock.</param>
public sealed class FolderSync(ISyncTarget target, Func<string, IFolder> open, TimeProvider time)
{
    private readonly List<string> _remarks = [];

    /// <summary>Does it.</summary>
    /// <returns>What was done. A failure of the library's side is in the target's report.</returns>
    /// <exception cref="HoldfastException">The folder is not there, or another run is at work in it.</exception>
    public async Task<RunReport> RunAsync(RunRequest request, SyncOptions options, RunCounters counters, CancellationToken cancellationToken)
    {
        if (request.Sources is not [var path])
            throw new HoldfastException(ErrorKind.Usage, "'mode: sync' keeps one folder the same with a library.", "Give each folder a job of its own.");
        var started = time.GetTimestamp();
        TargetReport done;
        try
        {
            done = await SyncAsync(path, request, options, counters, cancellationToken);
        }
        catch (Exception e) when (e is HoldfastException or FileSystemException)
        {
            done = new TargetReport { Target = target.Name, Statistics = new SnapshotStatistics(), Remarks = _remarks, Failure = e };
        }
        return new RunReport
        {
            Job = request.Job,
            Client = request.Client,
            Sources = request.Sources,
            Started = request.Time,
            Duration = time.GetElapsedTime(started),
            DryRun = options.DryRun,
            Counters = counters,
            Targets = [done],
        };
    }

    private async Task<TargetReport> SyncAsync(string path, RunRequest request, SyncOptions options, RunCounters counters, CancellationToken cancellationToken)
    {
        using var state = StateOf(request, options);
        using var source = new FileTreeSource([path], p => open(p));
        using var opened = await SyncedFolder.OpenAsync(path, open, request, time, cancellationToken);
        await using var library = await target.OpenToSyncAsync(request, options, cancellationToken);
        using var folder = SyncIdentity.Settle(opened, state, library.Id, open, time);
        var common = await CommonBase.FindAsync(state, folder, library, request.Client, cancellationToken);
        var scan = new FolderScan(folder.Folder, source, options, counters);
        var now = time.GetUtcNow();
        await scan.RunAsync(common.Files, common.Mounts, now, cancellationToken);
        var there = await LibraryFiles.ReadAsync(library, scan, cancellationToken);
        var plan = SyncPlan.Of(common.Files, ContentsOf(scan.Files), ContentsOf(there.Files), p => scan.IsKnown(p) && !there.Unknown.Contains(p));
        SyncBrake.Check(path, library.Name, plan, scan.Files.Count, there.Files.Count, options);
        SyncIdentity.RequireMounted(folder, state, library, scan.Files.Count, options);
        Remark(common, plan, scan, there);
        if (!options.DryRun)
        {
            if (folder.IsNew)
                folder.KeepId();
            return await DoAsync(request, options, counters, folder, library, common, scan, there, plan, now, cancellationToken);
        }
        foreach (var action in plan.Actions)
            options.OnPlanned?.Invoke(action);
        return Report(new SyncTally(counters), plan.Actions, library, there, dryRun: true);
    }

    private async Task<TargetReport> DoAsync(
        RunRequest request, SyncOptions options, RunCounters counters, SyncedFolder folder, ISyncedLibrary library, CommonBase common, FolderScan scan, LibraryFiles there, SyncPlan plan, DateTimeOffset began, CancellationToken cancellationToken)
    {
        var tally = new SyncTally(counters);
        var actions = plan.Actions.ToList();
        var conflicts = new Conflicts(folder, scan.Files, there.Files, request.Client, time.GetUtcNow(), tally);
        foreach (var path in plan.Conflicts)
            actions.AddRange(conflicts.Keep(path));
        _remarks.AddRange(conflicts.Remarks);
        await new Sending(library, (file, _) => Task.FromResult<IFileReader?>(folder.Folder.OpenFile(file.Path)), scan.Files, options, tally).DoAsync([.. actions.Where(a => a.Side == SyncSide.Library)], cancellationToken);
        var fetching = new Fetching(library, folder, scan.Files, there.Files, options, tally);
        await fetching.DoAsync([.. actions.Where(a => a.Side == SyncSide.Folder)], cancellationToken);
        var next = new NextBase(common.Files, scan.Files, fetching.Placed, began);
        await common.WriteAsync(next.Of(plan, actions, tally), scan.Mounts, cancellationToken);
        return Report(tally, actions, library, there, dryRun: false);
    }

    private TargetReport Report(SyncTally tally, IReadOnlyList<SyncAction> actions, ISyncedLibrary library, LibraryFiles there, bool dryRun) => new()
    {
        Target = target.Name,
        PlaceId = library.Id,
        Statistics = tally.StatisticsOf(actions, dryRun, there.Files.Count, there.Files.Values.Sum(f => f.Size)),
        Figures = tally.FiguresOf(actions, dryRun),
        Remarks = [.. _remarks, .. tally.Remarks()],
    };

    private void Remark(CommonBase common, SyncPlan plan, FolderScan scan, LibraryFiles there)
    {
        if (common.IsMissing && scan.Files.Count > 0 && there.Files.Count > 0)
            _remarks.Add("the two have no last common state: each got what only the other had, and nothing was deleted");
        if (scan.Others.Count > 0)
            _remarks.Add($"{scan.Others.Count:N0} symlinks and special files were left alone: a library holds files (the first: {scan.Others[0]})");
        if (there.Unknown.Count > 0)
            _remarks.Add($"{there.Unknown.Count:N0} files of the library were left alone: somebody writes to them just now, or their disk is not mounted (the first: {there.Unknown.First()})");
        foreach (var side in new[] { SyncSide.Folder, SyncSide.Library })
            if (DeletionBrake.Warn(side == SyncSide.Folder ? scan.Files.Count : there.Files.Count, plan.Actions.Count(a => a.Side == side && a is { Kind: SyncStepKind.Put, Old: not null })) is { } warning)
                _remarks.Add(warning.Replace("look at the older snapshots", "their old versions lie in .holdfast/trash for 30 days", StringComparison.Ordinal));
    }

    private IFolder StateOf(RunRequest request, SyncOptions options)
    {
        if (!options.DryRun)
            LocalFolders.Create(request.StateFolder).Dispose();
        try
        {
            return open(request.StateFolder);
        }
        catch (FileSystemException e) when (e.IsNotFound)
        {
            throw new HoldfastException(ErrorKind.Failed, $"there is no state folder at '{request.StateFolder}' yet.", "Without --dry-run one is made.", e);
        }
    }

    private static Dictionary<EntryPath, ContentId> ContentsOf(Dictionary<EntryPath, Entry> files) => files.ToDictionary(f => f.Key, f => f.Value.Content!.Value);
}
