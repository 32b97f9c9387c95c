using Holdfast.Core.Engine;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Sources;
using Holdfast.Core.Targets;
using Holdfast.Testing.Machines;
using Holdfast.Testing.Restricted;
using Holdfast.Testing.Trees;

namespace Holdfast.Mirror.Tests.Scenes;

/// <summary>A source, a place for its mirror and a state folder, side by side; and runs between them.</summary>
internal sealed class Scene : IDisposable
{
    private readonly TemporaryFolder _temporary;
    private readonly string? _place;

    /// <param name="under">Where the scene lies; /dev/shm for speed.</param>
    /// <param name="place">Where the place lies, when it is to be elsewhere.</param>
    public Scene(string? under = null, string? place = null)
    {
        _temporary = new TemporaryFolder(under).OpenToAll();
        _place = place;
        Source = _temporary.Folder("source");
        Sources = [Source];
        OpenSource = LocalFolders.OpenForReading;
        OpenPlace = LocalFolders.Open;
    }

    public string Source { get; }

    public string Place => _place ?? _temporary["place"];

    public string Mirror => Path.Combine(Place, "mirror");

    public string State => _temporary["state"];

    public TemporaryFolder Temporary => _temporary;

    public IReadOnlyList<string> Sources { get; set; }

    public Func<string, IFolderReader> OpenSource { get; set; }

    public Func<string, IFolder> OpenPlace { get; set; }

    /// <summary>Opens the place on a disk without hard links from now on, and with every other restriction given.</summary>
    public Scene On(Restrictions disk)
    {
        OpenPlace = RestrictedFolder.Opener(disk);
        return this;
    }

    public BackupOptions Options { get; set; } = new();

    /// <summary>The client's clock; an hour later at every run.</summary>
    public DateTimeOffset Clock { get; set; } = new(2026, 11, 20, 2, 0, 0, TimeSpan.Zero);

    public bool IsAdHoc { get; set; } = true;

    /// <summary>Writes a text file of the source and returns its path.</summary>
    public string Write(string name, string text)
    {
        var path = Path.Combine(Source, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    public string InSource(string name) => Path.Combine(Source, name);

    public string InMirror(string name) => Path.Combine(Mirror, name);

    public MirrorTarget Target => new(Place, OpenPlace);

    public RunRequest Request() => new()
    {
        Client = "here",
        Job = "test",
        Sources = Sources,
        StateFolder = State,
        Time = Clock,
        IsAdHoc = IsAdHoc,
        DryRun = Options.DryRun,
    };

    /// <summary>One run, whatever becomes of it.</summary>
    public async Task<RunReport> TryBackupAsync(BackupOptions? options = null)
    {
        Clock += TimeSpan.FromHours(1);
        using var source = new FileTreeSource(Sources, OpenSource);
        return await new Backup(source, [Target], TimeProvider.System).RunAsync(Request(), options ?? Options, new RunCounters(), TestContext.Current.CancellationToken);
    }

    /// <summary>One run in which nothing may go wrong.</summary>
    public async Task<RunReport> BackupAsync(BackupOptions? options = null)
    {
        var report = await TryBackupAsync(options);
        if (report.Targets[0].Failure is { } failure)
            throw new InvalidOperationException($"The run failed: {failure}", failure);
        report.Counters.Failures.Select(f => $"{f.Path}: {f.Reason}").ShouldBeEmpty();
        return report;
    }

    /// <summary>The mirror is the source, by two judges (rsync does not mind a hard link too many), and the newest snapshot says so.</summary>
    public void MirrorShouldBeTheSource(string after = "")
    {
        Rsync.Differences(Source, Mirror).ShouldBeEmpty(after);
        var now = TreeState.Read(Source);
        TreeState.Differences(now, TreeState.Read(Mirror)).ShouldBeEmpty(after);
        using var snapshots = Open();
        SnapshotState.Differences(snapshots, snapshots.Snapshots[^1], now).ShouldBeEmpty(after);
        Findings().ShouldBeEmpty(after);
    }

    public ISnapshots Open() => Target.OpenSnapshots();

    public IReadOnlyList<string> Findings()
    {
        using var snapshots = Open();
        return [.. snapshots.CheckStructure(TestContext.Current.CancellationToken).Select(f => $"{f.Path}: {f.Problem}")];
    }

    public void Dispose() => _temporary.Dispose();
}
