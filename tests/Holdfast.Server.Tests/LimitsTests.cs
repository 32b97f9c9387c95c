using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Holdfast.Server.Access;
using Holdfast.Testing.Machines;

namespace Holdfast.Server.Tests;

/// <summary>What one client may take from the others: bytes, attempts, connections.</summary>
public sealed class LimitsTests
{
    [Fact]
    public async Task AQuotaHoldsOnEveryWayIn()
    {
        await using var running = await Running.StartAsync();
        var token = running.Token("phone", Scope.Full, quota: 10);
        using var tus = new TusClient(running, token);
        Upload(running, token, "a", "123456").Status.ShouldBe(201);

        var refused = Upload(running, token, "b", "12345");
        refused.Status.ShouldBe(507);
        refused.Body.ShouldContain(" is 10 bytes: 6 are used, 0 are on their way, and 5 more do not fit");
        running.Curl(token, "-T", running.File("b", "12345"), $"{running.Address}/dav/inbox/b").Status.ShouldBe(507);
        running.Curl(token, "-H", "Transfer-Encoding: chunked", "--data-binary", "12345", $"{running.Address}/upload?name=b").Status.ShouldBe(507);
        using (var created = await tus.SendAsync("POST", tus.Uploads, null, ("Upload-Length", "5")))
            created.StatusCode.ShouldBe(HttpStatusCode.InsufficientStorage);
        using (var created = await tus.SendAsync("POST", tus.Uploads, null, ("Upload-Defer-Length", "1")))
            (await tus.PatchAsync(running.Address + created.Headers.Location, 0, "12345"u8.ToArray())).ShouldBe(HttpStatusCode.InsufficientStorage);

        // What is known costs nothing, and neither do other people's bytes.
        Upload(running, token, $"again&hash={Convert.ToHexStringLower(SHA256.HashData("123456"u8))}", "123456").Status.ShouldBe(200);
        Upload(running, running.Token("other"), "c", "other bytes").Status.ShouldBe(201);
        Upload(running, token, "d", "1234").Status.ShouldBe(201);
        running.Files().Keys.ShouldBe(["a", "c", "d"]);
        Directory.GetFiles(Path.Combine(running.Place, ".holdfast/incoming")).Length.ShouldBe(2); // The one whose length nobody said, and how far it is.
    }

    [Fact]
    public async Task WhatIsOnItsWayCountsAndAnUploadThatEndsNoMore()
    {
        await using var running = await Running.StartAsync();
        var token = running.Token("phone", quota: 10);
        using var tus = new TusClient(running, token);
        var location = await tus.CreateAsync(8, ("filename", "a"));
        await tus.PatchAsync(location, 0, "123456"u8.ToArray());

        Upload(running, token, "b", "12345").Body.ShouldContain("6 are on their way");
        (await tus.SendAsync("DELETE", location)).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        Upload(running, token, "b", "12345").Status.ShouldBe(201);
    }

    [Fact]
    public async Task AQuotaOutlivesTheServerAndRoomThatWasMadeCounts()
    {
        await using var running = await Running.StartAsync();
        var token = running.Token("phone", Scope.Full, quota: 10);
        Upload(running, token, "a", "123456").Status.ShouldBe(201);

        await running.RestartAsync();
        Upload(running, token, "b", "12345").Status.ShouldBe(507);
        await running.RestartAsync();
        running.Curl(token, "-X", "DELETE", $"{running.Address}/api/v1/files?path=a").Status.ShouldBe(200);

        Upload(running, token, "b", "1234567890").Status.ShouldBe(201);
    }

    [Fact]
    public async Task WhoeverTriesWrongTokensWaitsForAMinute()
    {
        var clock = new HandClock();
        await using var running = await Running.StartAsync(time: clock);
        var token = running.Token("phone");
        for (var i = 0; i < Gate.MostFailures; i++)
            Ask(running, "guess").ShouldBe(401);

        Ask(running, "guess").ShouldBe(429);
        Ask(running, token).ShouldBe(429);
        Ask(running, token, "--interface", "127.0.0.2").ShouldBe(200);
        clock.Now += TimeSpan.FromSeconds(59);
        Ask(running, token).ShouldBe(429);
        clock.Now += TimeSpan.FromSeconds(1);
        Ask(running, token).ShouldBe(200);
    }

    [Fact]
    public async Task ANameOfThousandsOfFoldersIsStoredUnderANearOne()
    {
        await using var running = await Running.StartAsync();
        var token = running.Token("phone");
        var deep = string.Concat(Enumerable.Repeat("d/", 1900)) + "a.txt";

        running.Curl(token, "--data-binary", "deep", $"{running.Address}/upload?name={deep}").Status.ShouldBe(201);

        running.Curl(token, $"{running.Address}/health").Status.ShouldBe(200);
        var stored = running.Files().ShouldHaveSingleItem();
        stored.Key.ShouldEndWith("/d/a.txt");
        stored.Key.Split('/').Length.ShouldBe(100);
        var names = Path.Combine(running.Place, ".holdfast/names.jsonl");
        System.IO.File.ReadAllText(names).ShouldContain($"\"{deep}\"");
    }

    [Fact]
    public async Task APathThatNoSystemHasIsRefused()
    {
        await using var running = await Running.StartAsync();
        var endless = string.Concat(Enumerable.Repeat("d/", 1 << 20)) + "a";
        var entry = $$"""{"path":"{{endless}}","type":"file","size":5,"mtime":"1","mode":"0644","uid":0,"gid":0,"sha256":"{{new string('0', 64)}}"}""";
        var body = running.File("body", $$"""{"arrivals":[{"client":"c","job":"j","entry":{{entry}}}]}""");

        var refused = running.Curl(running.Token("phone"), "--data-binary", "@" + body, $"{running.Address}/api/v1/names");

        refused.Status.ShouldBe(400);
        refused.Body.ShouldContain("65,536");
    }

    [Fact]
    public async Task AQuestionThatIsTooLongIsNotReadToItsEnd()
    {
        await using var running = await Running.StartAsync();
        var token = running.Token("phone", Scope.Read);
        // Who is refused hears of it before the body is on its way, which the server would cut off.
        using var client = new HttpClient(new SocketsHttpHandler { Expect100ContinueTimeout = TimeSpan.FromMinutes(1) });
        client.DefaultRequestHeaders.ExpectContinue = true;
        client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        var hash = $"\"{new string('0', 64)}\"";
        async Task<HttpStatusCode> AskAsync(string more) =>
            (await client.PostAsync($"{running.Address}/api/v1/missing", new StringContent($"{{\"hashes\": [{string.Join(", ", Enumerable.Repeat(hash, 9_999))}, {hash}{more}]}}"))).StatusCode;

        (await AskAsync("")).ShouldBe(HttpStatusCode.OK);
        (await AskAsync(", " + hash)).ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await AskAsync(new string(' ', 2 << 20))).ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task AFileThatIsTooLargeIsRefusedAndLeavesNothing()
    {
        await using var running = await Running.StartAsync(new ServerOptions { LargestFile = 100 });
        var token = running.Token("phone");
        using var tus = new TusClient(running, token);
        var (fits, large) = (new string('x', 100), new string('x', 101));

        Upload(running, token, "a", large).Status.ShouldBe(413);
        running.Curl(token, "-H", "Transfer-Encoding: chunked", "--data-binary", large, $"{running.Address}/upload?name=a").Status.ShouldBe(413);
        running.Curl(token, "-X", "PUT", "--data-binary", large, $"{running.Address}/dav/inbox/a").Status.ShouldBe(413);
        using (var created = await tus.SendAsync("POST", tus.Uploads, null, ("Upload-Defer-Length", "1")))
        {
            (await tus.PatchAsync(running.Address + created.Headers.Location, 0, Encoding.ASCII.GetBytes(large))).ShouldBe(HttpStatusCode.RequestEntityTooLarge);
            await tus.SendAsync("DELETE", running.Address + created.Headers.Location!);
        }

        Directory.GetFiles(Path.Combine(running.Place, ".holdfast/incoming")).ShouldBeEmpty();
        Upload(running, token, "a", fits).Status.ShouldBe(201);
    }

    [Fact]
    public async Task AFileMayBeLargerThanKestrelsOwnLimit()
    {
        await using var running = await Running.StartAsync();
        var token = running.Token("phone");
        var file = running.File("large", new string('x', 31_000_000));

        running.Curl(token, "--data-binary", "@" + file, $"{running.Address}/upload?name=large").Status.ShouldBe(201);
    }

    [Fact]
    public async Task WhoeverSendsNothingIsHungUpOnAndLeavesNothing()
    {
        await using var running = await Running.StartAsync(new ServerOptions { SlowestUpload = 1000, Grace = TimeSpan.FromSeconds(1.5) });
        var token = running.Token("phone");
        var address = new Uri(running.Address);
        using var connection = new TcpClient();
        await connection.ConnectAsync(address.Host, address.Port, TestContext.Current.CancellationToken);
        await connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"POST /upload?name=a HTTP/1.1\r\nHost: {address.Authority}\r\nAuthorization: Bearer {token}\r\nContent-Length: 1000\r\n\r\nhalf"), TestContext.Current.CancellationToken);

        // The server ends the connection, with an answer or without one.
        using var reader = new StreamReader(connection.GetStream());
        var answer = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);

        answer.ShouldContain("408");
        running.Files().ShouldBeEmpty();
        Directory.GetFiles(Path.Combine(running.Place, ".holdfast/incoming")).ShouldBeEmpty();
    }

    private static (int Status, string Body) Upload(Running running, string token, string name, string text) =>
        running.Curl(token, "--data-binary", text, $"{running.Address}/upload?name={name}");

    private static int Ask(Running running, string token, params string[] more) => running.Curl(token, [.. more, $"{running.Address}/api/v1/library"]).Status;
}
