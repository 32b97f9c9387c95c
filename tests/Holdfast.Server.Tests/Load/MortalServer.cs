using System.Net;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Targets;
using Holdfast.Library;
using Holdfast.Server.Access;
using Holdfast.Testing.Faults;
using Holdfast.Testing.Machines;

namespace Holdfast.Server.Tests.Load;

/// <summary>
/// A server that dies in the middle of what it does to the disk, and is started again: nothing it wanted to do from then on
/// happens, and its lock is free, as after a kill.
/// </summary>
internal sealed class MortalServer : IAsyncDisposable
{
    private readonly TemporaryFolder _temporary = new("/dev/shm");
    private readonly FaultPlan _plan = new();
    private readonly TokenFile _tokens;
    private LibraryFolder? _library;
    private LibraryServer? _server;
    private volatile string _address = "http://127.0.0.1:1";

    public MortalServer()
    {
        new LibraryTarget(Place, LocalFolders.Open, TimeProvider.System).Init(
            new RunRequest { Client = "server", Job = "library", Sources = [], StateFolder = this["state"], Time = TimeProvider.System.GetUtcNow() });
        _tokens = new TokenFile(Place);
    }

    public string Place => _temporary["library"];

    public string Address => _address;

    public string this[string name] => _temporary[name];

    public string Token(string name) => _tokens.Add(name, Scope.Append, TimeProvider.System.GetUtcNow(), expires: null);

    /// <summary>Lives until it has done so many things to the disk, or until <paramref name="end"/>; true when it died.</summary>
    public async Task<bool> LiveAsync(int mutations, Task end)
    {
        await StartAsync();
        _plan.CrashAt(_plan.Mutations + mutations);
        while (!_plan.HasCrashed && !end.IsCompleted)
            await Task.WhenAny(end, Task.Delay(5, TestContext.Current.CancellationToken));
        var died = _plan.HasCrashed;
        await StopAsync();
        return died;
    }

    /// <summary>Opens what it left.</summary>
    public Task<LibraryFolder> OpenAsync() => LibraryFolder.OpenAsync(Place, LocalFolders.Open, TimeProvider.System, "test", TimeSpan.Zero, CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _tokens.Dispose();
        _temporary.Dispose();
    }

    private async Task StartAsync()
    {
        _plan.Heal();
        _library = await LibraryFolder.OpenAsync(Place, _plan.Open, TimeProvider.System, "test", TimeSpan.FromSeconds(5), CancellationToken.None);
        _server = await LibraryServer.StartAsync(Place, _library, new IPEndPoint(IPAddress.Loopback, 0), new ServerOptions { Patience = TimeSpan.Zero }, TimeProvider.System);
        _address = _server.Address;
    }

    private async Task StopAsync()
    {
        foreach (var part in new IAsyncDisposable?[] { _server, _library })
            try
            {
                if (part is not null)
                    await part.DisposeAsync();
            }
            catch (CrashException)
            {
                // What the dead cannot tidy up is garbage for the next one.
            }
        (_server, _library) = (null, null);
    }
}
