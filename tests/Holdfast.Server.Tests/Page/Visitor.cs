using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace Holdfast.Server.Tests.Page;

/// <summary>
/// Somebody in front of the page. At the end nothing may have run that is not the page's own, nothing may have been asked of another
/// host, and no error may have gone by unseen.
/// </summary>
internal sealed class Visitor : IAsyncDisposable
{
    // Nothing here waits for time: this only ends what hangs, on however busy a machine.
    private const float Patience = 120_000;

    private readonly IBrowserContext _context;
    private readonly Running _running;
    private readonly ConcurrentQueue<string> _odd = new();

    private Visitor(IBrowserContext context, Running running, IPage page)
    {
        _context = context;
        _running = running;
        Page = page;
    }

    public IBrowserContext Context => _context;

    public IPage Page { get; private set; }

    public ILocator Files => Page.Locator("#list li");

    public ILocator State => Page.Locator("#state");

    public ILocator Sum => Page.Locator("#sum");

    public ILocator Search => Page.GetByLabel("Search");

    public static async Task<Visitor> ComeAsync(IBrowserContext context, Running running)
    {
        context.SetDefaultTimeout(Patience);
        var visitor = new Visitor(context, running, null!);
        await visitor.OpenTabAsync();
        return visitor;
    }

    /// <summary>Loads the page in a tab of its own; what the browser remembers stays.</summary>
    public async Task OpenTabAsync()
    {
        if (Page is not null)
            await Page.CloseAsync();
        Page = await _context.NewPageAsync();
        Page.PageError += (_, error) => _odd.Enqueue($"error: {error}");
        Page.Console += (_, said) =>
        {
            // The browser says so of every answer that is none of 2xx; what the page makes of those is what is looked at.
            if (said.Type is "error" or "warning" && !said.Text.StartsWith("Failed to load resource", StringComparison.Ordinal))
                _odd.Enqueue($"{said.Type}: {said.Text}");
        };
        Page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(_running.Address + "/", StringComparison.Ordinal) && !request.Url.StartsWith("blob:", StringComparison.Ordinal))
                _odd.Enqueue($"request: {request.Url}");
        };
        Page.Dialog += (_, dialog) =>
        {
            if (dialog.Type != DialogType.BeforeUnload)
                _odd.Enqueue($"dialog: {dialog.Message}");
            _ = dialog.AcceptAsync();
        };
        await Page.GotoAsync(_running.Address);
    }

    public async Task EnterAsync(string token, bool remember = false)
    {
        await Page.GetByLabel("Token", new() { Exact = true }).FillAsync(token);
        if (remember)
            await Page.GetByLabel("Remember it on this device").CheckAsync();
        await Button("Open").ClickAsync();
    }

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    /// <summary>A file or folder of the list, by the name that a person reads.</summary>
    public ILocator Tile(string name) => Files.Filter(new() { Has = Page.GetByText(name, new() { Exact = true }) });

    public async Task OpenAsync(string name) => await Tile(name).GetByRole(AriaRole.Button).ClickAsync();

    public Task SeesAsync(ILocator where, string text) => Assertions.Expect(where).ToContainTextAsync(text, new() { Timeout = Patience });

    public Task SeesAsync(ILocator where) => Assertions.Expect(where).ToBeVisibleAsync(new() { Timeout = Patience });

    public Task SeesNothingAtAsync(ILocator where) => Assertions.Expect(where).ToBeHiddenAsync(new() { Timeout = Patience });

    public Task SeesFilesAsync(int count) => Assertions.Expect(Files).ToHaveCountAsync(count, new() { Timeout = Patience });

    /// <summary>What lies in the folder that is in view.</summary>
    public async Task<IReadOnlyList<string>> NamesAsync() => await Files.Locator(".name").AllTextContentsAsync();

    public Task PickAsync(params string[] files) => Page.Locator("#pick").SetInputFilesAsync(files);

    public Task PickAsync(params FilePayload[] files) => Page.Locator("#pick").SetInputFilesAsync(files);

    /// <summary>Saves the file that is in view; its bytes and the name that the browser gives it.</summary>
    public async Task<(string Name, byte[] Bytes)> SaveAsync()
    {
        var save = Page.GetByRole(AriaRole.Link, new() { Name = "Save" });
        await SeesAsync(save);
        var download = await Page.RunAndWaitForDownloadAsync(() => save.ClickAsync());
        return (download.SuggestedFilename, await File.ReadAllBytesAsync(await download.PathAsync(), TestContext.Current.CancellationToken));
    }

    public Task GoOfflineAsync(bool offline) => _context.SetOfflineAsync(offline);

    public async Task LookAsync(string file) => await Page.ScreenshotAsync(new() { Path = file });

    public async ValueTask DisposeAsync()
    {
        await _context.DisposeAsync();
        _odd.ShouldBeEmpty();
    }
}
