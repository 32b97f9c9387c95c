using System.Net;
using Holdfast.Core.Engine;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Sources;
using Holdfast.Core.Targets;
using Holdfast.Library;
using Holdfast.Library.Http;
using Holdfast.Library.Index;
using Holdfast.Library.Scanning;
using Holdfast.Library.Syncing;
using Holdfast.Server.Access;
using Holdfast.Testing.Machines;

namespace Holdfast.Server.Tests;

/// <summary>A server on loopback with a library of its own.</summary>
internal sealed class Running : IAsyncDisposable
{
    private readonly TemporaryFolder _temporary = new();
    private LibraryFolder? _library;
    private LibraryServer? _server;
    private TokenFile? _tokens;
    private Func<string, IFolder> _open = LocalFolders.Open;

    public string Address => _server!.Address;

    public string Place => _temporary["library"];

    public LibraryServer Server => _server!;

    public LibraryFolder Library => _library!;

    public string this[string name] => _temporary[name];

    public static async Task<Running> StartAsync(ServerOptions? options = null, TimeProvider? time = null, Func<string, IFolder>? open = null)
    {
        var running = new Running();
        var request = new RunRequest { Client = "server", Job = "library", Sources = [], StateFolder = running["state"], Time = TimeProvider.System.GetUtcNow() };
        new LibraryTarget(running.Place, LocalFolders.Open, TimeProvider.System).Init(request);
        running._tokens = new TokenFile(running.Place);
        running._open = open ?? LocalFolders.Open;
        await running.ListenAsync(options ?? new ServerOptions(), time ?? TimeProvider.System);
        return running;
    }

    /// <summary>Ends the server and starts it again.</summary>
    public async Task RestartAsync(Action? meanwhile = null)
    {
        await StopAsync();
        meanwhile?.Invoke();
        await ListenAsync(new ServerOptions(), TimeProvider.System);
    }

    public string Token(string name, Scope scope = Scope.Append, DateTimeOffset? expires = null, long? quota = null) => _tokens!.Add(name, scope, TimeProvider.System.GetUtcNow(), expires, quota);

    public void Revoke(string name) => _tokens!.Revoke(name);

    public string File(string name, string text) => _temporary.File(name, text);

    /// <summary>curl's answer: the status, and the body.</summary>
    public (int Status, string Body) Curl(string token, params string[] arguments)
    {
        var command = Command.Run("curl", ["-s", "-w", "\n%{http_code}", "-H", $"Authorization: Bearer {token}", .. arguments]);
        var lines = command.Text.TrimEnd().Split('\n');
        return (int.Parse(lines[^1]), string.Join('\n', lines[..^1]));
    }

    public Task<RunReport> BackupAsync(string client, string token, string? address = null) => BackupAsync(client, new HttpLibraryTarget(address ?? Address, () => token, TimeProvider.System));

    public async Task<RunReport> BackupAsync(string client, HttpLibraryTarget target, Func<string, IFolderReader>? open = null)
    {
        using var source = new FileTreeSource([_temporary.Folder(client)], open ?? LocalFolders.OpenForReading);
        var request = new RunRequest { Client = client, Job = "photos", Sources = [this[client]], StateFolder = this["state " + client], Time = TimeProvider.System.GetUtcNow() };
        var report = await new Backup(source, [target], TimeProvider.System)
            .RunAsync(request, new BackupOptions(), new RunCounters(), TestContext.Current.CancellationToken);
        if (report.Targets[0].Failure is { } failure)
            throw new InvalidOperationException(failure.ToString(), failure);
        report.Counters.FailureCount.ShouldBe(0);
        return report;
    }

    /// <summary>Keeps a client's folder and the library the same; nothing may go wrong.</summary>
    public async Task<RunReport> SyncAsync(string client, string token, string? address = null)
    {
        var report = await TrySyncAsync(client, token, address);
        if (report.Targets[0].Failure is { } failure)
            throw new InvalidOperationException(failure.ToString(), failure);
        report.Counters.Failures.Select(f => $"{f.Path}: {f.Reason}").ShouldBeEmpty();
        return report;
    }

    public Task<RunReport> TrySyncAsync(string client, string token, string? address = null)
    {
        var request = new RunRequest { Client = client, Job = "photos", Sources = [_temporary.Folder(client)], StateFolder = this["state " + client], Time = TimeProvider.System.GetUtcNow() };
        return new FolderSync(new HttpLibraryTarget(address ?? Address, () => token, TimeProvider.System), LocalFolders.Open, TimeProvider.System)
            .RunAsync(request, new SyncOptions(), new RunCounters(), TestContext.Current.CancellationToken);
    }

    /// <summary>Takes in what a test laid into the library's folder; every file counts as finished.</summary>
    public void Scan() => _library!.Scan(new ScanOptions { Rest = TimeSpan.Zero }, TestContext.Current.CancellationToken);

    /// <summary>Other bytes without the index noticing, as a disk does that turns bits.</summary>
    public void Turn(string name, string text)
    {
        var before = _library!.Index.FileAt(EntryPath.From(name))!;
        System.IO.File.WriteAllText(Path.Combine(Place, name), text);
        _library.Index.Put(IndexedFile.Of(before.Path, before.Content, _library.FileAt(before.Path)!.Value));
    }

    /// <summary>The contents of people's files, by path.</summary>
    public SortedDictionary<string, string> Files()
    {
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(Place, "*", SearchOption.AllDirectories))
            if (Path.GetRelativePath(Place, file) is var name && !name.StartsWith(".holdfast", StringComparison.Ordinal))
                files[name] = System.IO.File.ReadAllText(file);
        return files;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _tokens?.Dispose();
        _temporary.Dispose();
    }

    private async Task ListenAsync(ServerOptions options, TimeProvider time)
    {
        _library = await LibraryFolder.OpenAsync(Place, _open, TimeProvider.System, "test", TimeSpan.Zero, CancellationToken.None);
        _server = await LibraryServer.StartAsync(Place, _library, new IPEndPoint(IPAddress.Loopback, 0), options, time);
    }

    private async Task StopAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        if (_library is not null)
            await _library.DisposeAsync();
    }
}
