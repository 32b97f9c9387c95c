using Holdfast.Core.Engine;
using Holdfast.Core.Engine.Restoring;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Sources;
using Holdfast.Core.Targets;
using Holdfast.Testing.Machines;

namespace Holdfast.Mirror.Tests.Restoring;

/// <summary>A source, a mirror of it and a folder to restore to, in one temporary folder.</summary>
public sealed class RestoreBed : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private int _hour;

    public RestoreBed() => Directory.CreateDirectory(Source);

    public string Source => _folder["source"];

    public string Place => _folder["place"];

    public string Out => _folder["out"];

    public RestoreCounters Counters { get; private set; } = new();

    /// <summary>Backs the source up and returns the snapshot's number.</summary>
    public async Task BackupAsync()
    {
        using var source = new FileTreeSource([Source], LocalFolders.OpenForReading);
        var request = new RunRequest
        {
            Client = "client",
            Job = "job",
            Sources = [Source],
            StateFolder = _folder["state"],
            Time = DateTimeOffset.UnixEpoch.AddHours(++_hour),
            IsAdHoc = true,
        };
        var report = await new Backup(source, [new MirrorTarget(Place, LocalFolders.Open)], TimeProvider.System)
            .RunAsync(request, new BackupOptions { AllowDeletions = true }, new RunCounters(), CancellationToken.None);
        report.Targets[0].Failure.ShouldBeNull();
        report.Counters.Failures.ShouldBeEmpty();
    }

    public Task<RestoreReport> RestoreAsync(RestoreOptions? options = null, int? at = null, Func<string, IFolder>? open = null, CancellationToken stop = default) =>
        RestoreAsync(new MirrorTarget(Place, LocalFolders.Open).OpenSnapshots(), options, at, open, stop);

    public async Task<RestoreReport> RestoreAsync(ISnapshots opened, RestoreOptions? options = null, int? at = null, Func<string, IFolder>? open = null, CancellationToken stop = default)
    {
        using var snapshots = opened;
        Counters = new RestoreCounters();
        options ??= new RestoreOptions();
        if (options.To is null && options.InPlace.Count == 0)
            options = options with { To = Out };
        return await new Restore(snapshots, TimeProvider.System, open).RunAsync(snapshots.Snapshots[at ?? (snapshots.Snapshots.Count - 1)], options, Counters, stop);
    }

    public void Write(string path, string text, int hour = 1)
    {
        var full = Path.IsPathRooted(path) ? path : Path.Combine(Source, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
        File.SetLastWriteTimeUtc(full, DateTime.UnixEpoch.AddHours(hour));
    }

    public string? Read(string path) => File.Exists(Path.Combine(Out, path)) ? File.ReadAllText(Path.Combine(Out, path)) : null;

    /// <summary>Temporary names that were left below a folder.</summary>
    public static string Leftovers(string folder) => Command.Must("find", folder, "-name", ".holdfast-restore-*").Text;

    public static EntryPath[] Paths(params string[] paths) => [.. paths.Select(EntryPath.From)];

    public string this[string name] => _folder[name];

    public void OpenToAll() => _folder.OpenToAll();

    public void Dispose() => _folder.Dispose();
}
