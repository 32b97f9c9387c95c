using Holdfast.Core.Engine;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Targets;
using Holdfast.Library.Syncing;
using Holdfast.Testing.Machines;

namespace Holdfast.Library.Tests.Syncing;

/// <summary>A library, and clients with a folder each that is kept the same with it.</summary>
internal sealed class SyncScene : IDisposable
{
    private readonly TemporaryFolder _temporary;

    public SyncScene(string? under = "/dev/shm")
    {
        _temporary = new TemporaryFolder(under);
        Init("library");
    }

    /// <summary>The library's folder within the scene.</summary>
    public string Library { get; set; } = "library";

    /// <summary>Opens the folders of the client, the library and the state.</summary>
    public Func<string, IFolder> Open { get; set; } = LocalFolders.Open;

    /// <summary>Opens the library; <see cref="Open"/> when null.</summary>
    public Func<string, IFolder>? OpenLibrary { get; set; }

    public TimeProvider Time { get; set; } = TimeProvider.System;

    public string this[string name] => _temporary[name];

    public void Init(string library) => new LibraryTarget(_temporary[library], LocalFolders.Open, TimeProvider.System).Init(Request("laptop"));

    /// <summary>Writes a file of a side: a client's name, or the library's folder.</summary>
    public string Write(string side, string name, string text)
    {
        var path = Path.Combine(_temporary.Folder(side), name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.Delete(path); // As editors do: a new file, so that a hard link keeps what it has.
        File.WriteAllText(path, text);
        return path;
    }

    public void Delete(string side, string name)
    {
        File.Delete(Path.Combine(_temporary[side], name));
        for (var folder = Path.GetDirectoryName(Path.Combine(_temporary[side], name))!; folder != _temporary[side] && !Directory.EnumerateFileSystemEntries(folder).Any(); folder = Path.GetDirectoryName(folder)!)
            Directory.Delete(folder);
    }

    public void Move(string side, string from, string to)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_temporary[side], to))!);
        File.Move(Path.Combine(_temporary[side], from), Path.Combine(_temporary[side], to));
    }

    /// <summary>People's files of a side: path → contents.</summary>
    public SortedDictionary<string, string> Files(string side) => Read(side, ours: false);

    /// <summary>What lies in a side's trash, by its path within a batch.</summary>
    public IReadOnlyList<string> Trash(string side) =>
        [.. Read(side, ours: true).Where(f => f.Key.StartsWith(".holdfast/trash/", StringComparison.Ordinal) && !f.Key.EndsWith("/runs", StringComparison.Ordinal)).Select(f => $"{string.Join('/', f.Key.Split('/')[3..])}={f.Value}").Order(StringComparer.Ordinal)];

    /// <summary>A run in which nothing may go wrong.</summary>
    public async Task<RunReport> SyncAsync(string client, SyncOptions? options = null)
    {
        var report = await TrySyncAsync(client, options);
        if (report.Targets[0].Failure is { } failure)
            throw new InvalidOperationException($"The run failed: {failure}", failure);
        report.Counters.Failures.Select(f => $"{f.Path}: {f.Reason}").ShouldBeEmpty();
        return report;
    }

    public Task<RunReport> TrySyncAsync(string client, SyncOptions? options = null)
    {
        Directory.CreateDirectory(_temporary[client]);
        var target = new LibraryTarget(_temporary[Library], OpenLibrary ?? Open, Time) { Rest = TimeSpan.Zero };
        var request = Request(client) with { DryRun = options?.DryRun ?? false };
        return new FolderSync(target, Open, Time).RunAsync(request, (options ?? new SyncOptions()) with { Rest = TimeSpan.Zero }, new RunCounters(), TestContext.Current.CancellationToken);
    }

    public void Dispose() => _temporary.Dispose();

    private RunRequest Request(string client) => new()
    {
        Client = client,
        Job = "photos",
        Sources = [_temporary[client]],
        StateFolder = _temporary["state of " + client],
        Time = Time.GetUtcNow(),
    };

    private SortedDictionary<string, string> Read(string side, bool ours)
    {
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(_temporary.Folder(side), "*", SearchOption.AllDirectories))
            if (Path.GetRelativePath(_temporary[side], file) is var name && name.StartsWith(".holdfast/", StringComparison.Ordinal) == ours)
                files[name] = File.ReadAllText(file);
        return files;
    }
}
