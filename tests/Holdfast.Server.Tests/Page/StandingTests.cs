using System.Text;
using Holdfast.Server.Access;
using Holdfast.Server.Figures;
using Microsoft.Playwright;

namespace Holdfast.Server.Tests.Page;

/// <summary>The page's section on the jobs of <c>serve --jobs</c>, and what holds for all of the page: keys, screen readers, small screens.</summary>
public sealed class StandingTests(Chromium browser)
{
    [Fact]
    public async Task JobsAreShownWithTheirLastRunTheirNextAndWhatFailed()
    {
        const string Jobs = """
            {"jobs":[
              {"job":"photos","problem":null,"last_good":"2026-11-20T02:00:00Z","schedule":"daily at 02:00","next":"2026-11-22T02:00:00Z","daemon":true,"running":false,"paused_until":null,
               "targets":[{"target":"disk","last_good":"2026-11-20T02:00:00Z","last_run":"2026-11-20T02:00:00Z","last_outcome":"complete","last_drill":"2026-11-19T03:00:00Z","drill_files":20,"drill_failures":0}]},
              {"job":"<i>mail</i>","problem":"its last run failed","last_good":null,"schedule":"hourly","next":null,"daemon":true,"running":true,"paused_until":null,
               "targets":[{"target":"nas","last_good":null,"last_run":"2026-11-21T09:00:00Z","last_outcome":"failed","last_drill":null},
                          {"target":"usb","last_good":null,"last_run":null,"last_outcome":null,"last_drill":"2026-11-19T03:00:00Z","drill_files":20,"drill_failures":2}]}]}
            """;
        await using var running = await Running.StartAsync(new ServerOptions { Jobs = new JobFigures(() => Encoding.UTF8.GetBytes(Jobs), () => "") });
        await using var ann = await browser.VisitAsync(running);
        await ann.EnterAsync(running.Token("ann", Scope.Read));

        var jobs = ann.Page.GetByRole(AriaRole.Region, new() { Name = "Jobs" });
        await ann.SeesAsync(jobs);
        var (good, next, drill, bad) = (await TimeAsync("2026-11-20T02:00:00Z"), await TimeAsync("2026-11-22T02:00:00Z"), await TimeAsync("2026-11-19T03:00:00Z"), await TimeAsync("2026-11-21T09:00:00Z"));
        (await jobs.Locator("h2, p").AllTextContentsAsync()).ShouldBe([
            "photos", $"last good run: {good} · next: {next}", $"disk: complete, {good} · proven {drill}: 20 files came back",
            "<i>mail</i>", "its last run failed · last good run: never · running now", $"nas: failed, {bad} · never proven", $"usb: no run yet · proven {drill}: 20 files came back, 2 did not"]);
        (await jobs.Locator(".bad").AllTextContentsAsync()).Select(t => t.Split([':', ' '])[0]).ShouldBe(["its", "nas", "usb"]);

        Task<string> TimeAsync(string time) => ann.Page.EvaluateAsync<string>("time => new Date(time).toLocaleString()", time);
    }

    [Fact]
    public async Task AServerWithoutJobsShowsNone()
    {
        await using var running = await Running.StartAsync();
        await using var ann = await browser.VisitAsync(running);
        await ann.EnterAsync(running.Token("ann", Scope.Read));

        await ann.SeesAsync(ann.State, "There is nothing here yet.");

        await ann.SeesNothingAtAsync(ann.Page.Locator("#jobs"));
    }

    [Fact]
    public async Task EverythingIsReachedByKeysAndHasAName()
    {
        await using var running = await Running.StartAsync();
        foreach (var name in new[] { "a/1.txt", "a/2.txt" })
            running.File("library/" + name, name);
        running.Scan();
        await using var ann = await browser.VisitAsync(running);
        (await FocusAsync(ann)).ShouldBe("token");
        await ann.Page.Keyboard.TypeAsync(running.Token("ann"));
        await ann.Page.Keyboard.PressAsync("Enter");
        await ann.SeesAsync(ann.Tile("a"));
        (await NamelessAsync(ann)).ShouldBeEmpty();

        await PressUntilAsync(ann, "Tab", "Folder a");
        await ann.Page.Keyboard.PressAsync("Enter");
        await ann.SeesAsync(ann.Tile("1.txt"));
        await PressUntilAsync(ann, "Tab", "1.txt");
        await ann.Page.Keyboard.PressAsync("Enter");
        await ann.SeesAsync(ann.Page.GetByRole(AriaRole.Dialog, new() { Name = "1.txt" }));
        await ann.SeesAsync(ann.Page.GetByRole(AriaRole.Link, new() { Name = "Save" }));
        (await NamelessAsync(ann)).ShouldBeEmpty();
        await ann.Page.Keyboard.PressAsync("ArrowRight");
        await ann.SeesAsync(ann.Page.GetByRole(AriaRole.Dialog, new() { Name = "2.txt" }));
        await ann.Page.Keyboard.PressAsync("Escape");
        await ann.SeesNothingAtAsync(ann.Page.GetByRole(AriaRole.Dialog));
        (await FocusAsync(ann)).ShouldContain("1.txt");
    }

    [Fact]
    public async Task NothingIsWiderThanAPhone()
    {
        await using var running = await Running.StartAsync();
        running.File("library/" + new string('w', 250), "x");
        running.File("library/" + string.Join('/', Enumerable.Repeat(new string('f', 120), 3)) + "/a.txt", "y");
        running.Scan();
        await using var ann = await browser.VisitAsync(running, new() { ViewportSize = new() { Width = 390, Height = 844 }, HasTouch = true, IsMobile = true });
        await ann.EnterAsync(running.Token("ann", quota: 10));
        await ann.SeesFilesAsync(2);
        await FitsAsync(ann);
        await ann.PickAsync(new FilePayload { Name = new string('n', 200), MimeType = "text/plain", Buffer = new byte[20] });
        await ann.SeesAsync(ann.Page.Locator("#failed"), "quota");
        await FitsAsync(ann);
        await ann.OpenAsync(new string('w', 250));
        await ann.SeesAsync(ann.Page.GetByRole(AriaRole.Link, new() { Name = "Save" }));
        await FitsAsync(ann);
        await ann.Button("Close").ClickAsync();
        for (var i = 0; i < 3; i++)
            await ann.OpenAsync(new string('f', 120));
        await ann.SeesAsync(ann.Tile("a.txt"));
        await FitsAsync(ann);
    }

    private static async Task FitsAsync(Visitor visitor) =>
        (await visitor.Page.EvaluateAsync<int>("document.scrollingElement.scrollWidth - document.documentElement.clientWidth")).ShouldBe(0);

    private static Task<string> FocusAsync(Visitor visitor) => visitor.Page.EvaluateAsync<string>("document.activeElement.id || document.activeElement.textContent");

    private static async Task PressUntilAsync(Visitor visitor, string key, string focused)
    {
        for (var i = 0; i < 20; i++)
        {
            await visitor.Page.Keyboard.PressAsync(key);
            if ((await FocusAsync(visitor)).Contains(focused, StringComparison.Ordinal))
                return;
        }
        throw new InvalidOperationException($"{key} never leads to '{focused}'");
    }

    /// <summary>What can be pressed or typed into and has no name for whoever cannot see it.</summary>
    private static Task<string[]> NamelessAsync(Visitor visitor) => visitor.Page.EvaluateAsync<string[]>("""
        [...document.querySelectorAll('button, a[href], input, progress, ul, section, dialog[open]')].filter(e => e.checkVisibility()
          && !(e.ariaLabel || e.textContent.trim() || e.labels?.length || document.getElementById(e.getAttribute('aria-labelledby'))?.textContent)).map(e => e.outerHTML)
        """);
}
