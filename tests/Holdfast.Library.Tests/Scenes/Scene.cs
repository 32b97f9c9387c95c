using System.Security.Cryptography;
using System.Text;
using Holdfast.Core.Engine;
using Holdfast.Core.Engine.Restoring;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Sources;
using Holdfast.Core.Targets;
using Holdfast.Library.Scanning;
using Holdfast.Testing.Machines;

namespace Holdfast.Library.Tests.Scenes;

/// <summary>A library, and clients with a source each that upload to it.</summary>
internal sealed class Scene : IDisposable
{
    private readonly TemporaryFolder _temporary;
    private readonly Dictionary<string, Dictionary<string, string>> _brought = new(StringComparer.Ordinal);

    public Scene(string? under = null)
    {
        _temporary = new TemporaryFolder(under);
        OpenPlace = LocalFolders.Open;
    }

    public string Place => _temporary["library"];

    public string this[string name] => _temporary[name];

    public Func<string, IFolder> OpenPlace { get; set; }

    public DateTimeOffset Clock { get; set; } = new(2026, 11, 20, 2, 0, 0, TimeSpan.Zero);

    public LibraryTarget Target => new(Place, OpenPlace, TimeProvider.System) { Rest = TimeSpan.Zero };

    public string Source(string client = "phone") => _temporary.Folder(client);

    /// <summary>Writes a file of a client's source.</summary>
    public string Write(string name, string text, string client = "phone")
    {
        var path = Path.Combine(Source(client), name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    public string InLibrary(string name) => Path.Combine(Place, name);

    /// <summary>People's files: path → contents.</summary>
    public SortedDictionary<string, string> Files()
    {
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(Place, "*", SearchOption.AllDirectories))
            if (Path.GetRelativePath(Place, file) is var name && !name.StartsWith(".holdfast", StringComparison.Ordinal))
                files[name] = File.ReadAllText(file);
        return files;
    }

    public async Task<RunReport> TryUploadAsync(string client = "phone", string job = "photos", BackupOptions? options = null)
    {
        Clock += TimeSpan.FromHours(1);
        using var source = new FileTreeSource([Source(client)], LocalFolders.OpenForReading);
        var request = new RunRequest
        {
            Client = client,
            Job = job,
            Sources = [Source(client)],
            StateFolder = _temporary[$"state-{client}"],
            Time = Clock,
            IsAdHoc = true,
            DryRun = options?.DryRun ?? false,
        };
        return await new Backup(source, [Target], TimeProvider.System).RunAsync(request, options ?? new BackupOptions(), new RunCounters(), TestContext.Current.CancellationToken);
    }

    /// <summary>A run in which nothing may go wrong.</summary>
    public async Task<RunReport> UploadAsync(string client = "phone", string job = "photos", BackupOptions? options = null)
    {
        var report = await TryUploadAsync(client, job, options);
        if (report.Targets[0].Failure is { } failure)
            throw new InvalidOperationException($"The run failed: {failure}", failure);
        report.Counters.Failures.Select(f => $"{f.Path}: {f.Reason}").ShouldBeEmpty();
        return report;
    }

    /// <summary>Which names a client had brought when it was last asked.</summary>
    public IReadOnlyDictionary<string, string> Brought(string client) => _brought.GetValueOrDefault(client) ?? [];

    public void NoteBrought(string client, IReadOnlyDictionary<string, string> names) => _brought[client] = new Dictionary<string, string>(names, StringComparer.Ordinal);

    public Task<LibraryFolder> OpenAsync() =>
        LibraryFolder.OpenAsync(Place, OpenPlace, TimeProvider.System, "test", TimeSpan.Zero, TestContext.Current.CancellationToken);

    /// <summary>A scan that takes every file as finished, and what it found, as "kind path".</summary>
    public async Task<(ScanReport Report, IReadOnlyList<string> Found)> ScanAsync(ScanOptions? options = null)
    {
        await using var library = await OpenAsync();
        var found = new List<string>();
        var report = library.Scan(
            (options ?? new ScanOptions { Rest = TimeSpan.Zero }) with { OnFound = f => found.Add($"{f.Kind} {f.Path}{(f.Other is { } o ? $" {o}" : "")}") },
            TestContext.Current.CancellationToken);
        return (report, found);
    }

    /// <summary>Restores what a client uploaded, under its own names, and returns the folder.</summary>
    /// <param name="client">Whose.</param>
    /// <param name="lost">How many files people removed for good.</param>
    public async Task<string> RestoreAsync(string client, int lost = 0)
    {
        var to = Path.Combine(_temporary.Path, $"restored-{client}-{Guid.NewGuid():N}");
        using var snapshots = Target.OpenUploaded(client);
        var report = await new Restore(snapshots, TimeProvider.System).RunAsync(
            snapshots.Snapshots[0], new RestoreOptions { To = to }, new RestoreCounters(), TestContext.Current.CancellationToken);
        report.Counters.FailureCount.ShouldBe(lost);
        return to;
    }

    public static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    public void Dispose() => _temporary.Dispose();
}
