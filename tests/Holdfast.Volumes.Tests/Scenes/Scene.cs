using Holdfast.Core.Engine;
using Holdfast.Core.Engine.Restoring;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Sources;
using Holdfast.Core.Targets;
using Holdfast.Testing.Machines;
using Holdfast.Testing.Trees;

namespace Holdfast.Volumes.Tests.Scenes;

/// <summary>A source, a place for its volumes and a state folder, side by side; and runs between them.</summary>
internal sealed class Scene : IDisposable
{
    private readonly TemporaryFolder _temporary;
    private readonly string? _place;

    public Scene(string? under = null, string? place = null)
    {
        _temporary = new TemporaryFolder(under).OpenToAll();
        _place = place;
        Source = _temporary.Folder("source");
    }

    public string Source { get; init; }

    public string Place => _place ?? _temporary["place"];

    public string State => _temporary["state"];

    public string this[string name] => _temporary[name];

    /// <summary>The clock of runs: a day passes before each.</summary>
    public DateTimeOffset Clock { get; set; } = new(2026, 11, 1, 2, 0, 0, TimeSpan.Zero);

    public VolumeOptions Options { get; set; } = new() { Compression = Codec.Compression.None };

    public Func<string, IFolder> OpenPlace { get; set; } = LocalFolders.Open;

    public Func<string, IFolderReader> OpenSource { get; set; } = LocalFolders.OpenForReading;

    /// <summary>Something else than a folder; null for a folder.</summary>
    public Func<VolumesTarget>? OpenTarget { get; set; }

    public VolumesTarget Target => OpenTarget?.Invoke() ?? VolumesTarget.InFolder(Place, Options, State, TimeProvider.System, OpenPlace);

    public IReadOnlyList<string> VolumeFiles => [.. Directory.GetFiles(Place, "*.tar*").Order(StringComparer.Ordinal)];

    public async Task<RunReport> BackupAsync(BackupOptions? options = null)
    {
        Clock += TimeSpan.FromDays(1);
        using var source = new FileTreeSource([Source], OpenSource);
        var request = new RunRequest { Client = "client", Job = "job", Sources = [Source], StateFolder = State, Time = Clock, IsAdHoc = true, DryRun = options?.DryRun ?? false };
        return await new Backup(source, [Target], TimeProvider.System).RunAsync(request, options ?? new BackupOptions { AllowDeletions = true }, new RunCounters(), CancellationToken.None);
    }

    /// <summary>A run that must do everything.</summary>
    public async Task<RunReport> GoodBackupAsync(BackupOptions? options = null)
    {
        var report = await BackupAsync(options);
        report.Targets[0].Failure.ShouldBeNull();
        report.Counters.Failures.ShouldBeEmpty();
        return report;
    }

    public async Task<string> RestoreAsync(string to = "out", int newest = 1)
    {
        using var snapshots = Target.OpenSnapshots();
        var report = await new Restore(snapshots, TimeProvider.System).RunAsync(snapshots.Snapshots[^newest], new RestoreOptions { To = this[to] }, new RestoreCounters(), CancellationToken.None);
        report.Counters.Failures.ShouldBeEmpty();
        return this[to];
    }

    /// <summary>Unpacks all volumes one after the other by the usual tools alone, and removes what they say of themselves.</summary>
    public string Unpack(string tool, string to = "unpacked")
    {
        Directory.CreateDirectory(this[to]);
        foreach (var volume in VolumeFiles)
            Command.Must(tool, ["-xpf", volume, "-C", this[to], .. tool == "tar" ? (string[])["--xattrs", "--xattrs-include=*", "--acls", "--numeric-owner", "--anchored", "--exclude=.holdfast"] : ["--xattrs", "--acls", "--exclude", "^.holdfast"]]);
        return this[to];
    }

    public IReadOnlyList<string> Findings()
    {
        var findings = new List<CheckFinding>();
        using (var snapshots = Target.OpenSnapshots())
            findings.AddRange(snapshots.CheckStructure(CancellationToken.None));
        Target.VerifyAsync(new VerifyOptions { Purpose = "test" }, findings.Add, new VerifyCounters(), CancellationToken.None).GetAwaiter().GetResult();
        return [.. findings.Select(f => $"{f.Path}: {f.Problem}")];
    }

    /// <summary>Removes every volume that may go; returns their number.</summary>
    public async Task<int> ForgetAsync() => (await Target.ForgetAsync(all => [.. all.SkipLast(1)], "test", TimeSpan.Zero, CancellationToken.None)).Count;

    public void LoseDatabase() => Directory.Delete(Path.Combine(State, "volumes"), recursive: true);

    public void ShouldEqualSource(string copy, params string[] options) => Rsync.Differences(Source, copy, options).ShouldBeEmpty();

    public void Dispose() => _temporary.Dispose();
}
