using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Server.Access;
using Holdfast.Testing.Folders;
using Holdfast.Testing.Machines;

namespace Holdfast.Server.Tests;

/// <summary>Moving, removing, scanning and counting over HTTP.</summary>
public sealed class SortingTests
{
    [Fact]
    public async Task FilesAndFoldersMoveAndNothingIsEverReplaced()
    {
        await using var running = await Running.StartAsync();
        var token = running.Token("ann", Scope.Full);
        Upload(running, token, "DCIM/1.jpg", "one");
        Upload(running, token, "DCIM/2.jpg", "two");
        Upload(running, token, "taken.jpg", "three");

        Move(running, token, "DCIM/1.jpg", "sorted/beach/1.jpg").Status.ShouldBe(200);
        Move(running, token, "DCIM/2.jpg", "taken.jpg").Status.ShouldBe(409);
        Move(running, token, "DCIM/2.jpg", "TAKEN.jpg").Status.ShouldBe(409);
        Move(running, token, "gone.jpg", "x.jpg").Status.ShouldBe(404);
        Move(running, token, "sorted", "sorted/beach/more").Status.ShouldBe(409);
        Move(running, token, "DCIM/2.jpg", "con.jpg").Body.ShouldContain("_con.jpg");
        Move(running, token, "DCIM/2.jpg", "../2.jpg").Status.ShouldBe(400);
        Move(running, token, ".holdfast/names.jsonl", "names").Status.ShouldBe(409);
        Move(running, token, "sorted", "by place").Status.ShouldBe(200);

        running.Files().ShouldBe(new Dictionary<string, string> { ["DCIM/2.jpg"] = "two", ["by place/beach/1.jpg"] = "one", ["taken.jpg"] = "three" });
        // The index went along: a scan has nothing to say.
        running.Curl(token, "-X", "POST", $"{running.Address}/sync").Body.ShouldContain("\"files\":3,\"new\":0,\"changed\":0,\"renamed\":0,\"removed\":0");
        running.Curl(token, "--data-binary", "one", $"{running.Address}/upload?name=again.jpg").Body.ShouldContain("by place/beach/1.jpg");
    }

    [Fact]
    public async Task NothingMovesThroughASymlinkThatLeadsOut()
    {
        await using var running = await Running.StartAsync();
        var token = running.Token("ann", Scope.Full);
        Upload(running, token, "a.jpg", "one");
        var outside = Directory.CreateDirectory(running["outside"]).FullName;
        File.WriteAllText(Path.Combine(outside, "secret"), "secret");
        Directory.CreateSymbolicLink(Path.Combine(running.Place, "way out"), outside);

        Move(running, token, "a.jpg", "way out/a.jpg").Status.ShouldBe(409);
        Move(running, token, "way out/secret", "secret").Status.ShouldBe(404);
        Remove(running, token, "path=way%20out/secret").Status.ShouldBe(404);

        Directory.GetFiles(outside).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task WhatIsDeletedForGoodComesBackOnlyWhenThatIsUndone()
    {
        await using var running = await Running.StartAsync();
        var token = running.Token("ann", Scope.Full);
        Upload(running, token, "a.jpg", "one");
        Upload(running, token, "b.jpg", "two");
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("one")));

        Remove(running, token, $"path=b.jpg&hash={hash}").Status.ShouldBe(412);
        Remove(running, token, $"path=a.jpg&hash={hash}&for_good=1").Status.ShouldBe(200);
        Remove(running, token, "path=a.jpg").Status.ShouldBe(404);
        Remove(running, token, "path=.holdfast/place.json").Status.ShouldBe(409);

        running.Curl(token, "--data-binary", "one", $"{running.Address}/upload?name=c.jpg").Status.ShouldBe(410);
        running.Curl(token, $"{running.Address}/api/v1/deleted").Body.ShouldContain(hash);
        File.ReadAllText(Path.Combine(running.Place, ".holdfast/log.jsonl")).ShouldContain(hash);
        running.Curl(token, "-d", $"{{\"hashes\":[\"{hash}\"]}}", $"{running.Address}/api/v1/undelete").Body.ShouldContain("\"undeleted\":1");
        Upload(running, token, "c.jpg", "one");
        Remove(running, token, "path=c.jpg").Status.ShouldBe(200);
        Upload(running, token, "d.jpg", "one");
        running.Files().Keys.ShouldBe(["b.jpg", "d.jpg"]);
    }

    [Fact]
    public async Task AFolderGoesOnlyWhenItIsEmpty()
    {
        await using var running = await Running.StartAsync();
        var token = running.Token("ann", Scope.Full);
        Upload(running, token, "folder/a.jpg", "one");

        Remove(running, token, "path=folder").Status.ShouldBe(409);
        Remove(running, token, "path=folder/a.jpg").Status.ShouldBe(200);
        Remove(running, token, "path=folder").Status.ShouldBe(200);

        Directory.Exists(Path.Combine(running.Place, "folder")).ShouldBeFalse();
    }

    [Fact]
    public async Task AScanTellsWhatItFindsWhileItIsOn()
    {
        await using var running = await Running.StartAsync();
        var token = running.Token("ann");
        File.WriteAllText(Path.Combine(running.Place, "by hand.txt"), "x");
        File.SetLastWriteTimeUtc(Path.Combine(running.Place, "by hand.txt"), DateTime.UnixEpoch);

        var events = Events(running.Curl(token, "-N", "-X", "POST", $"{running.Address}/api/v1/scan").Body);

        events.Select(e => e.Name).ShouldContain("progress");
        events.Where(e => e.Name == "found").ShouldHaveSingleItem().Data.GetProperty("path").GetString().ShouldBe("by hand.txt");
        events[^1].Name.ShouldBe("done");
        events[^1].Data.GetProperty("files").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task AScanThatTakesItsTimeSaysThatItIsStillOnAndItsClientWaits()
    {
        using var gate = new ManualResetEventSlim(true);
        await using var running = await Running.StartAsync(new ServerOptions { LongestSilence = TimeSpan.FromMilliseconds(10), Watch = null }, open: path => new SlowToList(LocalFolders.Open(path), gate));
        var token = running.Token("phone");
        running.File("phone/a.jpg", "one");
        gate.Reset();
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{running.Address}/api/v1/scan?quiet=1") { Headers = { { "Authorization", "Bearer " + token } } };

        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        (await lines.ReadLineAsync(TestContext.Current.CancellationToken)).ShouldBe(":");
        var upload = running.BackupAsync("phone", token); // It has to wait for that one.
        gate.Set();

        Events(await lines.ReadToEndAsync(TestContext.Current.CancellationToken)).ShouldHaveSingleItem().Name.ShouldBe("done");
        await upload;
        running.Files().Keys.ShouldBe(["a.jpg"]);
    }

    /// <summary>A disk that has much to tell.</summary>
    private sealed class SlowToList(IFolder inner, ManualResetEventSlim gate) : FolderDecorator(inner)
    {
        public override IFolder OpenFolder(EntryPath path) => new SlowToList(Inner.OpenFolder(path), gate);

        public override FolderListing List()
        {
            gate.Wait();
            return Inner.List();
        }
    }

    [Fact]
    public async Task OnlyAFullTokenScansPastTheBrake()
    {
        await using var running = await Running.StartAsync();
        var (append, full) = (running.Token("ann"), running.Token("bob", Scope.Full));
        Upload(running, append, "a.jpg", "one");
        File.Delete(Path.Combine(running.Place, "a.jpg"));

        Events(running.Curl(append, "-N", "-X", "POST", $"{running.Address}/api/v1/scan").Body)[^1].Name.ShouldBe("failed");
        running.Curl(append, "-X", "POST", $"{running.Address}/sync?allow_deletions=1").Status.ShouldBe(403);
        running.Curl(append, "-X", "POST", $"{running.Address}/api/v1/scan?allow_deletions=1").Status.ShouldBe(403);
        running.Curl(full, "-X", "POST", $"{running.Address}/sync?allow_deletions=1").Body.ShouldContain("\"removed\":1");
    }

    [Fact]
    public async Task CountsAreThoseOfTheFiles()
    {
        await using var running = await Running.StartAsync();
        var token = running.Token("ann", Scope.Full);
        Upload(running, token, "a.jpg", "one");
        Upload(running, token, "b.jpg", "three");
        Command.Must("ln", Path.Combine(running.Place, "a.jpg"), Path.Combine(running.Place, "second name.jpg"));
        running.Curl(token, "-X", "POST", $"{running.Address}/sync").Status.ShouldBe(200);

        running.Curl(token, $"{running.Address}/api/v1/statistics").Body.ShouldBe("{\"files\":3,\"bytes\":11,\"contents\":2,\"content_bytes\":8,\"names\":2,\"deleted\":0}");
        var metrics = running.Curl(token, $"{running.Address}/metrics").Body;
        metrics.ShouldContain("\nholdfast_library_bytes 11\n");
        metrics.ShouldContain("holdfast_http_requests_total{method=\"POST\",status=\"201\"} 2\n");
    }

    private static void Upload(Running running, string token, string name, string text) =>
        running.Curl(token, "--data-binary", text, $"{running.Address}/upload?name={name}").Status.ShouldBe(201);

    private static (int Status, string Body) Move(Running running, string token, string from, string to) =>
        running.Curl(token, "-d", JsonSerializer.Serialize(new { from, to }), $"{running.Address}/api/v1/move");

    private static (int Status, string Body) Remove(Running running, string token, string query) => running.Curl(token, "-X", "DELETE", $"{running.Address}/api/v1/files?{query}");

    private static List<(string Name, JsonElement Data)> Events(string body) =>
    [
        .. body.Split("\n\n").Select(e => e.Trim('\n', ':')).Where(e => e.Length > 0).Select(e => e.Split('\n'))
            .Select(lines => (lines[0]["event: ".Length..], JsonDocument.Parse(lines[1]["data: ".Length..]).RootElement)),
    ];
}
