using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Holdfast.Server.Access;
using Microsoft.Playwright;

namespace Holdfast.Server.Tests.Page;

/// <summary>Uploads from the page in a real browser: what a person sees, and what lies in the library.</summary>
public sealed class UploadingTests(Chromium browser)
{
    // The smallest part in which the page sends.
    private const int Part = 256 << 10;

    [Fact]
    public async Task ManyFilesAtOnceAreStoredOnceAndCounted()
    {
        await using var running = await Running.StartAsync();
        var token = running.Token("phone");
        running.Curl(token, "--data-binary", "known", $"{running.Address}/upload?name=2024/old.txt").Status.ShouldBe(201);
        running.Curl(token, "--data-binary", "other", $"{running.Address}/upload?name=taken.txt").Status.ShouldBe(201);
        await using var ann = await browser.VisitAsync(running);
        var asked = new ConcurrentQueue<string>();
        ann.Page.Request += (_, request) => asked.Enqueue($"{request.Method} {new Uri(request.Url).AbsolutePath}");
        await ann.EnterAsync(token);
        await ann.SeesFilesAsync(2);

        await ann.PickAsync(File("new.txt", "new"), File("copy of old.txt", "known"), File("taken.txt", "mine"), File("empty.txt", ""), File("50% & #1 <b>ü.txt", "odd"));

        await ann.SeesAsync(ann.Sum, "5 files · 4 stored · 1 already there");
        await ann.SeesAsync(ann.Page.Locator("#said[role=status]"), "Everything is in the library.");
        await ann.Page.GetByText("5 files in the library").ClickAsync();
        await ann.SeesAsync(ann.Page.Locator("#done"), "copy of old.txt: already there, as 2024/old.txt");
        await ann.SeesFilesAsync(6);
        running.Files().ShouldBe(new Dictionary<string, string>
        {
            ["2024/old.txt"] = "known",
            ["50% & #1 _b_ü.txt"] = "odd", // Some systems cannot hold its name.
            ["empty.txt"] = "",
            ["new.txt"] = "new",
            ["taken.txt"] = "other",
            ["taken (2).txt"] = "mine",
        }, ignoreOrder: true);
        asked.Count(a => a.StartsWith("PATCH ", StringComparison.Ordinal)).ShouldBe(3); // What was known and what is empty was not sent.
        System.IO.File.GetLastWriteTimeUtc(Path.Combine(running.Place, "new.txt")).ShouldBeLessThan(DateTime.UtcNow);
        await ann.Button("Clear").ClickAsync();
        await ann.SeesNothingAtAsync(ann.Sum);
    }

    [Fact]
    public async Task AFileGoesIntoTheFolderInViewUnderItsOwnTime()
    {
        await using var running = await Running.StartAsync();
        var token = running.Token("phone");
        running.Curl(token, "--data-binary", "x", $"{running.Address}/upload?name={Uri.EscapeDataString("a#1 %41/ü/x.txt")}").Status.ShouldBe(201);
        await using var ann = await browser.VisitAsync(running);
        await ann.EnterAsync(token);
        await ann.OpenAsync("a#1 %41");
        await ann.OpenAsync("ü");
        await ann.SeesAsync(ann.Tile("x.txt"));
        var photo = running.File("photo.jpg", "a picture");
        var taken = new DateTime(2019, 5, 6, 7, 8, 9, DateTimeKind.Utc);
        System.IO.File.SetLastWriteTimeUtc(photo, taken);

        await ann.PickAsync(photo);

        await ann.SeesAsync(ann.Tile("photo.jpg"));
        var stored = Path.Combine(running.Place, "a#1 %41/ü/photo.jpg");
        System.IO.File.ReadAllText(stored).ShouldBe("a picture");
        System.IO.File.GetLastWriteTimeUtc(stored).ShouldBe(taken);
    }

    [Fact]
    public async Task AFileThatIsPickedTwiceIsStoredOnce()
    {
        await using var running = await Running.StartAsync();
        await using var ann = await browser.VisitAsync(running);
        await ann.EnterAsync(running.Token("phone"));
        await ann.SeesAsync(ann.State, "There is nothing here yet.");
        var photo = running.File("photo.jpg", "a picture");

        await ann.PickAsync(photo, photo);

        await ann.SeesAsync(ann.Sum, "2 files · 1 stored · 1 already there");
        running.Files().ShouldBe(new Dictionary<string, string> { ["photo.jpg"] = "a picture" }, ignoreOrder: true);
    }

    [Fact]
    public async Task WhatTheServerRefusesIsNamedWithItsReasonAndTheRestIsStored()
    {
        await using var running = await Running.StartAsync();
        var full = running.Token("ann", Scope.Full);
        running.Curl(full, "--data-binary", "unwanted", $"{running.Address}/upload?name=unwanted.txt").Status.ShouldBe(201);
        running.Curl(full, "-X", "DELETE", $"{running.Address}/api/v1/files?path=unwanted.txt&for_good=1").Status.ShouldBe(200);
        await using var ann = await browser.VisitAsync(running);
        await ann.EnterAsync(running.Token("phone", Scope.Append, quota: 100));
        await ann.SeesAsync(ann.State, "There is nothing here yet.");

        await ann.PickAsync(File("again.txt", "unwanted"), File("large.txt", new string('x', 101)), File("small.txt", "fits"));

        await ann.SeesAsync(ann.Sum, "3 files · 1 stored · 2 failed");
        await ann.SeesAsync(ann.Page.Locator("#said[role=status]"), "2 files could not be uploaded.");
        var failed = ann.Page.Locator("#failed li");
        await ann.SeesAsync(failed.Filter(new() { HasText = "again.txt" }), "deleted for good");
        await ann.SeesAsync(failed.Filter(new() { HasText = "large.txt" }), "the quota of 'phone' is 100 bytes");
        running.Files().Keys.ShouldBe(["small.txt"]);
    }

    [Fact]
    public async Task WhoMayOnlyLookIsOfferedNoUpload()
    {
        await using var running = await Running.StartAsync();
        await using var ann = await browser.VisitAsync(running);
        await ann.EnterAsync(running.Token("reader", Scope.Read));

        await ann.SeesAsync(ann.State, "There is nothing here yet.");

        await ann.SeesNothingAtAsync(ann.Page.Locator("#upload"));
        await ann.PickAsync(File("a.txt", "a"));
        await ann.SeesAsync(ann.Page.Locator("#failed"), "this token may look, not upload");
        running.Files().ShouldBeEmpty();
    }

    [Fact]
    public async Task AServerThatIsGoneIsWaitedFor()
    {
        await using var running = await Running.StartAsync();
        await using var ann = await browser.VisitAsync(running);
        await ann.EnterAsync(running.Token("phone"));
        await ann.SeesAsync(ann.State, "There is nothing here yet.");

        await ann.GoOfflineAsync(true);
        await ann.Search.FillAsync("a");
        await ann.SeesAsync(ann.State, "The server does not answer.");
        await ann.GoOfflineAsync(false);
        await ann.Page.Locator("#retry").ClickAsync();
        await ann.SeesAsync(ann.State, "Nothing found.");
        await ann.GoOfflineAsync(true);
        await ann.PickAsync(File("a.txt", "a"));
        await ann.SeesAsync(ann.Page.Locator("#active"), "the server does not answer; trying again");
        await ann.GoOfflineAsync(false);

        await ann.SeesAsync(ann.Sum, "1 file · 1 stored");
        await ann.SeesFilesAsync(1);
        running.Files().ShouldBe(new Dictionary<string, string> { ["a.txt"] = "a" }, ignoreOrder: true);
    }

    [Fact]
    public async Task WhatWasStoppedIsTriedAgainWhenAsked()
    {
        await using var running = await Running.StartAsync();
        await using var ann = await browser.VisitAsync(running);
        await ann.EnterAsync(running.Token("phone"));
        await ann.SeesAsync(ann.State, "There is nothing here yet.");
        await ann.GoOfflineAsync(true);
        await ann.PickAsync([.. Enumerable.Range(0, 8).Select(i => File($"{i}.txt", $"text {i}"))]);
        await ann.SeesAsync(ann.Page.Locator("#active"), "the server does not answer");

        await ann.Button("Stop").ClickAsync();
        await ann.SeesAsync(ann.Sum, "8 files · 8 failed");
        await ann.GoOfflineAsync(false);
        await ann.Button("Try again").First.ClickAsync();

        await ann.SeesAsync(ann.Sum, "8 files · 8 stored");
        running.Files().Count.ShouldBe(8);
    }

    [Fact]
    public async Task AnUploadThatBreaksGoesOnWhereItWasEvenInAnotherTab()
    {
        await using var running = await Running.StartAsync();
        var film = running.File("film.mp4", string.Concat(Enumerable.Range(0, 2 * Part / 8).Select(i => i.ToString("00000000", CultureInfo.InvariantCulture))));
        await using var ann = await browser.VisitAsync(running);
        var (parts, isOpen) = (new ConcurrentQueue<string>(), false);
        await ann.Context.RouteAsync("**/api/v1/uploads/*", async route =>
        {
            var offset = route.Request.Headers.GetValueOrDefault("upload-offset");
            if (offset == "0" && route.Request.PostDataBuffer!.Length > Part)
            {
                await route.FulfillAsync(new() { Status = 413 }); // So that a small file has two parts.
            }
            else if (offset is null or "0" || Volatile.Read(ref isOpen))
            {
                if (offset is not null)
                    parts.Enqueue(offset);
                await route.ContinueAsync();
            }
            else
            {
                await route.AbortAsync("connectionreset");
            }
        });
        await ann.EnterAsync(running.Token("phone"), remember: true);
        await ann.SeesAsync(ann.State, "There is nothing here yet.");
        await ann.PickAsync(film);
        await ann.SeesAsync(ann.Page.Locator("#active"), "the server does not answer; trying again");

        await ann.OpenTabAsync();
        Volatile.Write(ref isOpen, true);
        await ann.SeesAsync(ann.State, "There is nothing here yet.");
        await ann.PickAsync(film);

        await ann.SeesAsync(ann.Sum, "1 file · 1 stored");
        parts.ShouldBe(["0", Part.ToString(CultureInfo.InvariantCulture)]);
        System.IO.File.ReadAllBytes(Path.Combine(running.Place, "film.mp4")).ShouldBe(await System.IO.File.ReadAllBytesAsync(film, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task AProxyThatTakesOnlySmallRequestsGetsSmallOnes()
    {
        await using var running = await Running.StartAsync();
        await using var ann = await browser.VisitAsync(running);
        var parts = new ConcurrentQueue<int>();
        await ann.Context.RouteAsync("**/api/v1/uploads/*", async route =>
        {
            var size = route.Request.PostDataBuffer?.Length ?? 0;
            parts.Enqueue(size);
            if (size > 1 << 20)
                await route.FulfillAsync(new() { Status = 413, ContentType = "text/html", Body = "<h1>413 Request Entity Too Large</h1>" });
            else
                await route.ContinueAsync();
        });
        await ann.EnterAsync(running.Token("phone"));
        await ann.SeesAsync(ann.State, "There is nothing here yet.");

        await ann.PickAsync(File("long.txt", new string('x', (1 << 20) + 7)));

        await ann.SeesAsync(ann.Sum, "1 file · 1 stored");
        running.Files()["long.txt"].Length.ShouldBe((1 << 20) + 7);
        parts.Max().ShouldBe((1 << 20) + 7);
        parts.Where(p => p <= 1 << 20).ShouldBe([1 << 20, 7]);
    }

    private static FilePayload File(string name, string text) => new() { Name = name, MimeType = "text/plain", Buffer = Encoding.UTF8.GetBytes(text) };
}
