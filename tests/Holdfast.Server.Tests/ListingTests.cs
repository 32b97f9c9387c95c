using System.Text.Json;
using Holdfast.Server.Access;

namespace Holdfast.Server.Tests;

/// <summary>What lies in a library, over HTTP.</summary>
public sealed class ListingTests
{
    [Fact]
    public async Task AFolderShowsWhatLiesInItAndASearchWhatLiesBelowIt()
    {
        await using var running = await Running.StartAsync();
        var token = running.Token("phone");
        string[] names = ["a.txt", "a/1.txt", "a/b/2.txt", "a/b/c/3.txt", "a-b.txt", "ä/Strand.jpg", "z/last.txt"];
        foreach (var name in names)
            running.Curl(token, "--data-binary", name, $"{running.Address}/upload?name={Uri.EscapeDataString(name)}").Status.ShouldBe(201);

        Paths(running, token, "children=1").ShouldBe(["a", "a-b.txt", "a.txt", "z", "ä"], ignoreOrder: true);
        Paths(running, token, "children=1&under=a").ShouldBe(["a/1.txt", "a/b"]);
        Paths(running, token, "children=1&under=a/b").ShouldBe(["a/b/2.txt", "a/b/c"]);
        Paths(running, token, "under=a").ShouldBe(["a/1.txt", "a/b/2.txt", "a/b/c/3.txt"]);
        Paths(running, token, "q=STRAND").Count.ShouldBe(1);
        Paths(running, token, "q=.TXT&under=a").Count.ShouldBe(3);
        Paths(running, token, "under=nowhere").ShouldBeEmpty();
        File.Delete(Path.Combine(running.Place, "a/1.txt"));
        Paths(running, token, "under=a").ShouldBe(["a/b/2.txt", "a/b/c/3.txt"]);
    }

    [Fact]
    public async Task ALargeFolderComesInPagesAndNothingIsLeftOut()
    {
        await using var running = await Running.StartAsync();
        for (var i = 0; i < 1300; i++)
            running.File($"phone/{i % 650:000}{(i < 650 ? ".jpg" : "/x.jpg")}", $"{i}");
        await running.BackupAsync("phone", running.Token("phone"));
        var token = running.Token("reader", Scope.Read);

        Paths(running, token, "children=1").Count.ShouldBe(1300);
        Paths(running, token, "").Count.ShouldBe(1300);
        Paths(running, token, "q=X.JPG").Count.ShouldBe(650);
    }

    [Fact]
    public async Task AFileIsServedByItsPathAndNothingElseIs()
    {
        await using var running = await Running.StartAsync();
        var token = running.Token("phone");
        running.Curl(token, "--data-binary", "<script>alert(1)</script>", $"{running.Address}/upload?name=a/page.html").Status.ShouldBe(201);
        File.CreateSymbolicLink(Path.Combine(running.Place, "passwd"), "/etc/passwd");
        Directory.CreateSymbolicLink(Path.Combine(running.Place, "etc"), "/etc");

        var answer = running.Curl(token, "-i", $"{running.Address}/api/v1/files?path=a/page.html");
        answer.Status.ShouldBe(200);
        answer.Body.ShouldContain("Content-Type: application/octet-stream");
        answer.Body.ShouldContain("sandbox");
        answer.Body.ShouldContain("nosniff");
        running.Curl(token, "-r", "1-6", $"{running.Address}/api/v1/files?path=a/page.html").ShouldBe((206, "script"));
        foreach (var path in new[] { "", "a", "passwd", "etc/passwd", "etc/ssl/openssl.cnf", "../library.server/tokens.json", "a/../../x", ".holdfast/names.jsonl", ".holdfast%2Fplace.json", "%2Fetc%2Fpasswd", "nowhere" })
            running.Curl(token, $"{running.Address}/api/v1/files?path={path}").Status.ShouldBeOneOf(400, 404);
    }

    [Fact]
    public async Task ThePageNeedsNoTokenAndRunsNothingButItself()
    {
        await using var running = await Running.StartAsync();

        var page = running.Curl("nothing", "-i", $"{running.Address}/");

        page.Status.ShouldBe(200);
        page.Body.ShouldContain("script-src 'self'");
        page.Body.ShouldContain("frame-ancestors 'none'");
        page.Body.ShouldNotContain(running.Place);
        foreach (var part in new[] { "page.js", "page.css" })
        {
            page.Body.ShouldContain($"\"{part}\"");
            running.Curl("nothing", $"{running.Address}/{part}").Status.ShouldBe(200);
        }
        page.Body.ShouldNotContain("http://");
        page.Body.ShouldNotContain("https://");
    }

    private static List<string> Paths(Running running, string token, string query)
    {
        var paths = new List<string>();
        for (string? after = null; ;)
        {
            var (status, body) = running.Curl(token, $"{running.Address}/api/v1/entries?{query}{(after is null ? "" : "&after=" + Uri.EscapeDataString(after))}");
            status.ShouldBe(200);
            using var json = JsonDocument.Parse(body);
            paths.AddRange(json.RootElement.GetProperty("entries").EnumerateArray().Select(e => e.GetProperty("path").GetString()!));
            if (!json.RootElement.TryGetProperty("after", out var next))
                return paths;
            after = next.GetString();
        }
    }
}
