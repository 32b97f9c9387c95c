using System.CommandLine;
using Holdfast.Cli.Output;
using Holdfast.Cli.Places;
using Holdfast.Cli.Runs;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Jobs;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;
using Holdfast.Library.Replicating;
using Holdfast.Library.Syncing;

namespace Holdfast.Cli.Commands;

/// <summary><c>holdfast library replicate</c>: a second library becomes an exact copy of the first.</summary>
internal static class LibraryReplicateCommand
{
    private const string Job = "replica";

    private static readonly Argument<string> From = new("SOURCE") { Description = "The library: a job that has one, a target such as library:/srv/photos, its folder, or its server (https://…)" };
    private static readonly Argument<string> To = new("COPY") { Description = "The copy: a folder that is not there yet, an empty one, or an earlier copy; or a server whose library is one of those" };
    private static readonly Option<bool> AllowDeletions = new("--allow-deletions") { Description = "Go on although many files would be removed or replaced (the deletion brake), and take out what lies on a disk that is not mounted" };
    private static readonly Option<string?> MaxDelete = new("--max-delete") { Description = "The share of files that may be removed or replaced without asking (default 25%)", HelpName = "SHARE" };

    public static Verb Create()
    {
        var verb = new Verb("replicate", "Make a second library an exact copy of one: files, names and decisions, deletions included")
        {
            ExitCodes = [ExitCode.Failed, ExitCode.Incomplete, ExitCode.NoPlace, ExitCode.Locked, ExitCode.WrongPassword, ExitCode.Interrupted],
            Examples = ["holdfast library replicate /srv/photos /media/usb/photos", "holdfast library replicate https://nas.local:8420 /media/usb/photos"],
        };
        verb.Add(From);
        verb.Add(To);
        foreach (var option in new Option[] { AllowDeletions, MaxDelete, RunFlags.DryRun, RunFlags.Wait })
            verb.Add(option);
        return verb.Does(async (session, parse, cancellationToken) =>
        {
            var (from, to, wait) = (parse.GetRequiredValue(From), parse.GetRequiredValue(To), RunFlags.WaitTime(parse));
            var options = new ReplicaOptions
            {
                DryRun = parse.GetValue(RunFlags.DryRun),
                AllowDeletions = parse.GetValue(AllowDeletions),
                MaxDelete = FlagValue.Of(parse, MaxDelete, Share.Parse) ?? new ReplicaOptions().MaxDelete,
            };
            if (LibraryChoice.ServerOf(session, from) is not null || LibraryChoice.ServerOf(session, to) is not null)
                return await RemoteAsync(session, from, to, wait, options, cancellationToken);
            await using var source = await LibraryChoice.OpenAsync(session, from, "library replicate", wait, cancellationToken);
            Prepare(session, LibraryChoice.PathOf(session, to), source.Id, source.Name, options.DryRun);
            await using var replica = await LibraryChoice.OpenAsync(session, to, "library replicate", wait, cancellationToken);
            var report = await new LibraryReplica(source, replica, session.Time).RunAsync(options, cancellationToken);
            return Print(session, report, replica.Name, options);
        });
    }

    private static async Task<int> RemoteAsync(Session session, string from, string to, TimeSpan wait, ReplicaOptions options, CancellationToken cancellationToken)
    {
        await using var source = await OpenAsync(session, from, wait, options, cancellationToken);
        if (LibraryChoice.ServerOf(session, to) is null)
            Prepare(session, LibraryChoice.PathOf(session, to), source.Id, source.Name, options.DryRun);
        await using var replica = await OpenAsync(session, to, wait, options, cancellationToken);
        return Print(session, await new RemoteReplica(source, replica, session.Time).RunAsync(options, cancellationToken), replica.Name, options);
    }

    private static async Task<ISyncedLibrary> OpenAsync(Session session, string typed, TimeSpan wait, ReplicaOptions options, CancellationToken cancellationToken)
    {
        ISyncTarget target = LibraryChoice.ServerOf(session, typed) as ISyncTarget ?? LibraryChoice.Of(session, typed);
        var request = new RunRequest { Client = session.Config.Client, Job = Job, Sources = [], StateFolder = session.StateFolder, Time = session.Time.GetUtcNow(), WaitForLock = wait };
        return await target.OpenToSyncAsync(request, new SyncOptions { AllowDeletions = options.AllowDeletions, MaxDelete = options.MaxDelete, Rest = options.Rest }, cancellationToken);
    }

    private static int Print(Session session, ReplicaReport report, string copy, ReplicaOptions options)
    {
        session.Printer(text => new ReplicaText(text, copy, options.DryRun), json => new ReplicaJson(json, copy)).Print(report);
        return report.Failures.Count > 0 ? ExitCode.Incomplete : ExitCode.Done;
    }

    /// <summary>Makes the place of the copy, or sees that it is this library's copy and nothing else.</summary>
    private static void Prepare(Session session, string path, string sourceId, string sourceName, bool dryRun)
    {
        var origin = $"library {sourceId}";
        if (MarkerAt(path) is { } marker)
        {
            if (marker.Job != Job || !marker.Sources.SequenceEqual([origin]))
                throw new HoldfastException(
                    ErrorKind.NoPlace,
                    $"'{path}' is no copy of {sourceName}: its files would be removed.",
                    "Choose a new folder, or one that 'library replicate' made from the same library.");
            return;
        }
        if (dryRun)
            throw new HoldfastException(ErrorKind.NoPlace, $"there is no copy at '{path}' yet.", "Without --dry-run one is made: everything is copied.");
        LibraryChoice.Of(session, $"library:{path}").Init(new RunRequest
        {
            Client = session.Config.Client,
            Job = Job,
            Sources = [origin],
            StateFolder = session.StateFolder,
            Time = session.Time.GetUtcNow(),
        });
    }

    private static PlaceMarker? MarkerAt(string path)
    {
        try
        {
            using var folder = LocalFolders.OpenForReading(path);
            return PlaceMarker.TryRead(folder);
        }
        catch (FileSystemException e) when (e.IsNotFound)
        {
            return null;
        }
    }
}
