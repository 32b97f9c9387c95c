using System.Diagnostics;
using Holdfast.Testing.Machines;
using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(Holdfast.Server.Tests.Page.Chromium))]

namespace Holdfast.Server.Tests.Page;

/// <summary>One browser for all tests of the page, begun by the first of them.</summary>
public sealed class Chromium : IAsyncDisposable
{
    // The small one needs half the time; a whole one does as well.
    private static readonly string[] Programs = ["chromium-headless-shell", "chromium"];

    // Without these it looks for its maker's servers.
    private static readonly string[] Arguments =
        ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

    private readonly SemaphoreSlim _turn = new(1);
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>A person with a browser of their own: nothing is remembered in it.</summary>
    internal async Task<Visitor> VisitAsync(Running running, BrowserNewContextOptions? options = null)
    {
        if (Programs.FirstOrDefault(Peer.IsThere) is not { } program)
        {
            Peer.Missing($"'{Programs[0]}' is not installed");
            throw new UnreachableException();
        }
        await _turn.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            _playwright ??= await Playwright.CreateAsync();
            _browser ??= await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = "/usr/bin/" + program, Args = Arguments });
        }
        finally
        {
            _turn.Release();
        }
        return await Visitor.ComeAsync(await _browser.NewContextAsync(options), running);
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
        _turn.Dispose();
    }
}
