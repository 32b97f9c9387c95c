using System.Xml.Linq;
using Holdfast.Server.Access;
using Holdfast.Testing.Machines;

namespace Holdfast.Server.Tests;

/// <summary>MOVE and DELETE in the inbox: what a client put there just now, and nothing that anybody else relies on.</summary>
public sealed class InboxTests
{
    private static readonly ServerOptions Quiet = new() { ReadsBack = false };

    [Fact]
    public async Task AFileUploadedUnderATemporaryNameLiesUnderItsOwn()
    {
        await using var running = await Running.StartAsync(Quiet);
        var token = running.Token("phone");
        Put(running, token, "DCIM/.a.jpg.part", "one");
        Put(running, token, "DCIM/.b.jpg.part", "one");

        Move(running, token, "DCIM/.a.jpg.part", "DCIM/a%20b.jpg").ShouldBe(201);
        Move(running, token, "DCIM/.b.jpg.part", "DCIM/b.jpg").ShouldBe(201);
        Move(running, token, "DCIM/.a.jpg.part", "DCIM/c.jpg").ShouldBe(404);

        Get(running, token, "DCIM/a%20b.jpg").ShouldBe((200, "one"));
        Get(running, token, "DCIM/b.jpg").ShouldBe((200, "one"));
        Get(running, token, "DCIM/.a.jpg.part").Status.ShouldBe(404);
        // Another name had the content by then, so the file stayed; that it can be read under both is what counts.
        running.Files().Values.ShouldBe(["one"]);
        Put(running, token, "DCIM/.c.jpg.part", "two");
        Move(running, token, "DCIM/.c.jpg.part", "DCIM/c.jpg").ShouldBe(201);
        running.Files()["DCIM/c.jpg"].ShouldBe("two");
    }

    [Fact]
    public async Task ANameThatIsTakenIsReplacedOnlyAsAName()
    {
        await using var running = await Running.StartAsync(Quiet);
        var token = running.Token("phone");
        Put(running, token, "a.jpg", "old");
        Put(running, token, "a.jpg.part", "new");

        Move(running, token, "a.jpg.part", "a.jpg", "-H", "Overwrite: F").ShouldBe(412);
        Move(running, token, "a.jpg.part", "a.jpg").ShouldBe(204);

        Get(running, token, "a.jpg").Body.ShouldBe("new");
        running.Files().ShouldBe(new Dictionary<string, string> { ["a (2).jpg"] = "new", ["a.jpg"] = "old" });
    }

    [Fact]
    public async Task NamesThatWereChangedAreSoAfterARestartAndInTheRecordAlone()
    {
        await using var running = await Running.StartAsync(Quiet);
        var token = running.Token("phone");
        Put(running, token, "new/1.jpg", "one");
        Put(running, token, "new/2.jpg", "two");
        Put(running, token, "gone.jpg", "three");
        Move(running, token, "new", "2026").ShouldBe(201);
        Delete(running, token, "gone.jpg").ShouldBe(204);

        await running.RestartAsync(() => File.Delete(Path.Combine(running.Place, ".holdfast/library.db")));

        Listed(running, token, "").ShouldBe(["/dav/inbox/", "/dav/inbox/2026/"]);
        Listed(running, token, "2026/").ShouldBe(["/dav/inbox/2026/", "/dav/inbox/2026/1.jpg", "/dav/inbox/2026/2.jpg"]);
        running.Files().ShouldBe(new Dictionary<string, string> { ["2026/1.jpg"] = "one", ["2026/2.jpg"] = "two" });
    }

    [Fact]
    public async Task WhatSomebodyMayRelyOnStaysWhenItsNameIsTakenBack()
    {
        var clock = new HandClock();
        await using var running = await Running.StartAsync(Quiet, clock);
        var token = running.Token("phone", Scope.Full);
        var other = running.Token("other");
        Put(running, token, "named by another", "1");
        running.Curl(other, "--data-binary", "1", $"{running.Address}/upload?name=1").Status.ShouldBe(200);
        Put(running, token, "read back", "2");
        running.Curl(token, "-d", $"{{\"hashes\":[\"{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("2"u8))}\"]}}", $"{running.Address}/api/v1/verify").Body.ShouldContain("verified");
        running.Curl(other, "--data-binary", "3", $"{running.Address}/upload?name=3").Status.ShouldBe(201);
        Put(running, token, "there before", "3");
        Put(running, token, "moved", "4");
        running.Curl(token, "-d", """{"from":"moved","to":"sorted"}""", $"{running.Address}/api/v1/move").Status.ShouldBe(200);
        Put(running, token, "an hour ago", "5");
        clock.Now += TimeSpan.FromMinutes(61);
        Put(running, token, "just now", "6");

        foreach (var name in new[] { "named by another", "read back", "there before", "moved", "an hour ago", "just now" })
            Delete(running, token, Uri.EscapeDataString(name)).ShouldBe(204, name);

        running.Files().Values.Order(StringComparer.Ordinal).ShouldBe(["1", "2", "3", "4", "5"]);
        running.Curl(token, "-X", "PROPFIND", $"{running.Address}/dav/inbox/").Body.ShouldNotContain("getcontentlength");
    }

    [Fact]
    public async Task NobodyTouchesWhatAnotherPutThere()
    {
        await using var running = await Running.StartAsync(Quiet);
        var (token, thief, reader) = (running.Token("phone"), running.Token("thief", Scope.Full), running.Token("reader", Scope.Read));
        Put(running, token, "a.jpg", "one");

        Delete(running, thief, "a.jpg").ShouldBe(404);
        Move(running, thief, "a.jpg", "b.jpg").ShouldBe(404);
        Delete(running, reader, "a.jpg").ShouldBe(403);
        Delete(running, token, "").ShouldBe(403);
        Move(running, token, "a.jpg", "a.jpg/b").ShouldBe(403);
        Move(running, token, "a.jpg", "..%2f..%2fb").ShouldBe(400);
        running.Curl(token, "-X", "MOVE", "-H", "Destination: http://elsewhere.example/dav/inbox/b", $"{running.Address}/dav/inbox/a.jpg").Status.ShouldBe(502);
        running.Curl(token, "-X", "MOVE", "-H", "Destination: /dav/library/b", $"{running.Address}/dav/inbox/a.jpg").Status.ShouldBe(502);

        running.Files().ShouldBe(new Dictionary<string, string> { ["a.jpg"] = "one" });
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("contents")]
    [InlineData("verify")]
    public async Task WhatSomebodyWasToldToBeThereStaysWhenItsNameIsTakenBack(string asked)
    {
        await using var running = await Running.StartAsync(Quiet);
        var (token, other) = (running.Token("phone"), running.Token("other"));
        Put(running, token, "a.jpg", "one");
        Put(running, token, "b.jpg", "two");
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("one"u8));
        string[] question = asked == "contents" ? ["-I", $"{running.Address}/api/v1/contents/{hash}"] : ["-d", $"{{\"hashes\":[\"{hash}\"]}}", $"{running.Address}/api/v1/{asked}"];
        running.Curl(other, question).Status.ShouldBe(200);

        Delete(running, token, "a.jpg").ShouldBe(204);
        Delete(running, token, "b.jpg").ShouldBe(204);

        running.Files().ShouldBe(new Dictionary<string, string> { ["a.jpg"] = "one" });
        Get(running, token, "a.jpg").Status.ShouldBe(404);
    }

    [Fact]
    public async Task AnEmptyFileThatIsAnothersStays()
    {
        await using var running = await Running.StartAsync(Quiet);
        var (token, other) = (running.Token("phone"), running.Token("other"));
        File.WriteAllText(Path.Combine(running.Place, "by hand"), "");
        Put(running, token, "by hand", "");
        Put(running, token, "deleted", "");
        Put(running, token, "moved", "");
        Put(running, token, "replaced", "");
        foreach (var name in new[] { "deleted", "moved", "replaced" })
            Put(running, other, name, "");
        Put(running, token, "mine", "");
        Put(running, token, "mine too", "");

        Put(running, token, "by hand", "one");
        Put(running, token, "replaced", "two");
        Put(running, token, "mine", "three");
        Delete(running, token, "deleted").ShouldBe(204);
        Delete(running, token, "mine%20too").ShouldBe(204);
        Move(running, token, "moved", "elsewhere").ShouldBe(201);

        running.Files().ShouldBe(new Dictionary<string, string>
        {
            ["by hand"] = "",
            ["by hand (2)"] = "one",
            ["deleted"] = "",
            ["mine"] = "three",
            ["moved"] = "",
            ["replaced"] = "",
            ["replaced (2)"] = "two",
        });
    }

    [Fact]
    public async Task AnEmptyFileKeepsItsNameWhenWhatFollowsDoesNotFit()
    {
        await using var running = await Running.StartAsync(new ServerOptions { ReadsBack = false, LargestFile = 3 });
        var token = running.Token("phone");
        running.File("library/a", "");
        running.Library.Scan(new Holdfast.Library.Scanning.ScanOptions { Rest = TimeSpan.Zero }, CancellationToken.None);
        Put(running, token, "a", "");

        running.Curl(token, "-X", "PUT", "--data-binary", "too long", $"{running.Address}/dav/inbox/a").Status.ShouldBe(413);

        Get(running, token, "a").ShouldBe((200, ""));
    }

    private static void Put(Running running, string token, string name, string text) =>
        running.Curl(token, "-X", "PUT", "--data-binary", text, $"{running.Address}/dav/inbox/{Uri.EscapeDataString(name).Replace("%2F", "/", StringComparison.Ordinal)}").Status.ShouldBeOneOf(201, 204);

    private static (int Status, string Body) Get(Running running, string token, string name) => running.Curl(token, $"{running.Address}/dav/inbox/{name}");

    private static IEnumerable<string> Listed(Running running, string token, string folder) =>
        XDocument.Parse(running.Curl(token, "-X", "PROPFIND", $"{running.Address}/dav/inbox/{folder}").Body).Descendants("{DAV:}href").Select(h => h.Value);

    private static int Delete(Running running, string token, string name) => running.Curl(token, "-X", "DELETE", $"{running.Address}/dav/inbox/{name}").Status;

    private static int Move(Running running, string token, string from, string to, params string[] more) =>
        running.Curl(token, [.. more, "--path-as-is", "-X", "MOVE", "-H", $"Destination: {running.Address}/dav/inbox/{to}", $"{running.Address}/dav/inbox/{from}"]).Status;
}
