using Holdfast.Cli.Output;
using Holdfast.Core.Engine;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Jobs;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;
using Holdfast.Library.Syncing;

namespace Holdfast.Cli.Runs;

/// <summary>A run of a job in <c>mode: sync</c>: a folder and a library are made the same.</summary>
internal static class SyncedJob
{
    /// <exception cref="HoldfastException">The target is no library.</exception>
    public static async Task<RunReport> RunAsync(Session session, Job job, IBackupTarget target, RunRequest request, bool allowDeletions, CancellationToken cancellationToken)
    {
        if (target is not ISyncTarget library)
            throw new HoldfastException(ErrorKind.Usage, $"job '{job.Name}': {target.Name} cannot be kept the same with a folder.", "'mode: sync' is for library: targets.");
        var counters = new RunCounters();
        var planned = session.Printer(text => new ChangeText(text, namesTarget: true), json => new ChangeJson(json));
        var options = new SyncOptions
        {
            Rules = job.Rules,
            MaxDelete = job.MaxDelete,
            AllowDeletions = allowDeletions,
            DryRun = request.DryRun,
            Checksum = request.Checksum,
            Workers = job.Workers,
            OnPlanned = action => planned.Print(new PlannedChange(action.Side == SyncSide.Library ? target.Name : request.Sources[0], ChangeOf(action))),
        };
        using var progress = new Progress(session, elapsed => ProgressState.Of(counters, elapsed));
        var report = await new FolderSync(library, LocalFolders.Open, session.Time).RunAsync(request, options, counters, cancellationToken);
        planned.Finish();
        return report;
    }

    private static Change ChangeOf(SyncAction action)
    {
        var entry = new Entry { Path = action.Path, Type = EntryType.File, Content = action.New ?? action.Old };
        return action switch
        {
            { Kind: SyncStepKind.Move, From: { } from } => new Change(ChangeKind.Moved, entry, null) { MovedFrom = from },
            { Kind: SyncStepKind.Remove } => new Change(ChangeKind.Deleted, entry, null),
            { Old: null } => new Change(ChangeKind.New, entry, null),
            _ => new Change(ChangeKind.Changed, entry, null),
        };
    }
}
