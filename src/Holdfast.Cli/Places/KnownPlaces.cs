using Holdfast.Core.FileSystem;
using Holdfast.Core.Jobs;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;
using Holdfast.Volumes;

namespace Holdfast.Cli.Places;

/// <summary>One place, the jobs that use it, and what it is like now.</summary>
/// <param name="Address">The target.</param>
/// <param name="Jobs">The jobs of the config that use it; none for one that was typed.</param>
/// <param name="Snapshots">Open for reading; null when it cannot be reached, or is another's.</param>
/// <param name="PlaceId">Its id, when it is open.</param>
/// <param name="Problem">Why it is not open.</param>
internal sealed record KnownPlace(TargetAddress Address, IReadOnlyList<Job> Jobs, ISnapshots? Snapshots, string? PlaceId, string? Problem) : IDisposable
{
    public string Name => Address.ToString();

    public void Dispose() => Snapshots?.Dispose();
}

/// <summary>Opens the places of jobs, each as the place that its jobs mean.</summary>
internal static class KnownPlaces
{
    /// <param name="session">Knows the config.</param>
    /// <param name="named">Jobs and targets; none for every job.</param>
    /// <exception cref="HoldfastException">There is no such job, or no config.</exception>
    public static IReadOnlyList<KnownPlace> Open(Session session, IReadOnlyList<string> named)
    {
        var addresses = named.Count == 0
            ? session.Config.Jobs.SelectMany(j => j.To)
            : named.SelectMany(n => TargetChoice.FindJob(session, n) is { } job ? job.To : TargetChoice.All(session, n));
        return [.. addresses.Distinct().Select(address => Open(session, address))];
    }

    private static KnownPlace Open(Session session, TargetAddress address)
    {
        var jobs = JobsOf(session, address);
        ISnapshots? snapshots = null;
        try
        {
            var layout = jobs.Count == 0 ? new LayoutOptions() : jobs[0].Options.Layout;
            var target = TargetOpening.Open(session, address, layout with { KeepDeleted = KeptByAll(jobs) });
            snapshots = target.OpenSnapshots(jobs.Count == 0 ? null : RequestOf(session, jobs[0]));
            return new KnownPlace(address, jobs, snapshots, IdOf(address, snapshots), null);
        }
        catch (Exception e) when (e is HoldfastException or FileSystemException)
        {
            snapshots?.Dispose();
            return new KnownPlace(address, jobs, null, null, e.Message);
        }
    }

    /// <summary>The jobs that use a place, whatever they call it: a symlink or a second mount leads to it too.</summary>
    private static List<Job> JobsOf(Session session, TargetAddress address)
    {
        var folder = FolderOf(address);
        return [.. session.Config.Jobs.Where(j => j.To.Any(to => to == address || (folder is not null && to.Kind == address.Kind && FolderOf(to) == folder)))];
    }

    private static (ulong Device, ulong Inode)? FolderOf(TargetAddress address)
    {
        if (address.LocalPath is not { } path)
            return null;
        try
        {
            using var folder = LocalFolders.OpenForReading(path);
            return folder.Stat(EntryPath.Root) is var stat ? (stat.Device, stat.Inode) : null;
        }
        catch (FileSystemException)
        {
            return null; // Not connected, or no folder.
        }
    }

    /// <summary>Every job that uses the place may remove what is gone for long enough; who knows what one does that is not known here.</summary>
    private static TimeSpan KeptByAll(List<Job> jobs) =>
        jobs.Count == 0 ? TimeSpan.Zero : jobs.Min(j => j.Options.Layout.KeepDeleted ?? VolumeOptions.UsualKeepDeleted);

    private static string? IdOf(TargetAddress address, ISnapshots snapshots)
    {
        if (snapshots is IKnowsPlace { PlaceId: var id })
            return id;
        if (address.LocalPath is not { } path)
            return null;
        using var folder = LocalFolders.OpenForReading(path);
        return PlaceMarker.TryRead(folder)?.Id;
    }

    /// <summary>The place must be the one that a run of the job would write to.</summary>
    public static RunRequest RequestOf(Session session, Job job) => new()
    {
        Client = session.Config.Client,
        Job = job.Name,
        Sources = job.From,
        StateFolder = session.StateFolder,
        Time = session.Time.GetUtcNow(),
        PlaceId = job.Place,
    };
}
