using System.Net;
using System.Net.Sockets;
using System.Text;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Jobs;
using Holdfast.Core.Targets;
using Holdfast.Library.Http;
using Holdfast.Testing.Machines;

namespace Holdfast.Server.Tests;

/// <summary>Holdfast's own client, and its uploads in parts.</summary>
public sealed class ClientTests
{
    [Fact]
    public async Task SeveralClientsAtOnceStoreEachContentOnce()
    {
        await using var running = await Running.StartAsync();
        string[] clients = ["phone", "laptop", "camera", "tablet"];
        var random = new Random(1);
        foreach (var client in clients)
            for (var i = 0; i < 60; i++)
                running.File($"{client}/{i % 7}/{i}.jpg", $"picture {random.Next(80)}");
        var large = new string('x', 9_000_000);
        running.File("phone/large", large);
        running.File("laptop/the same large", large);
        running.File("camera/empty", "");
        var tokens = clients.ToDictionary(c => c, c => running.Token(c));

        await Task.WhenAll(clients.Select(c => Task.Run(() => running.BackupAsync(c, tokens[c]))));

        var expected = clients.SelectMany(c => Directory.GetFiles(running[c], "*", SearchOption.AllDirectories)).Select(File.ReadAllText).Distinct().Order(StringComparer.Ordinal);
        running.Files().Values.Order(StringComparer.Ordinal).ShouldBe(expected);
        Directory.GetFiles(Path.Combine(running.Place, ".holdfast/incoming")).ShouldBeEmpty();
        foreach (var client in clients)
        {
            var again = await running.BackupAsync(client, tokens[client]);
            again.Targets[0].Snapshot.ShouldBeNull();
            again.Counters.BytesDone.ShouldBe(0);
        }
        Directory.CreateDirectory(Path.Combine(running.Place, "sorted"));
        foreach (var file in running.Files().Keys)
            File.Move(Path.Combine(running.Place, file), Path.Combine(running.Place, "sorted", file.Replace('/', '_')));
        (await running.BackupAsync("phone", tokens["phone"])).Targets[0].Snapshot.ShouldBeNull();
    }

    [Fact]
    public async Task AnAnswerThatBreaksOffIsAskedForAgain()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = Task.Run(async () =>
        {
            foreach (var (length, body) in new[] { (50, "{\"files\":"), (11, "{\"files\":1}") })
            {
                using var connection = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
                var head = new StringBuilder();
                var buffer = new byte[1024];
                while (!head.ToString().Contains("\r\n\r\n", StringComparison.Ordinal) && await connection.GetStream().ReadAsync(buffer, TestContext.Current.CancellationToken) is var got and > 0)
                    head.Append(Encoding.ASCII.GetString(buffer, 0, got));
                await connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n{body}"), TestContext.Current.CancellationToken);
            }
        });
        using var client = new LibraryClient($"http://{listener.LocalEndpoint}", "token", new StepTime());

        using var answer = await client.AskAsync(HttpMethod.Get, "x", body: null, TestContext.Current.CancellationToken);

        answer.RootElement.GetProperty("files").GetInt32().ShouldBe(1);
        await serving;
    }

    [Fact]
    public async Task AnUploadIsKeptOnlyAsWhatItWasSaidToBe()
    {
        await using var running = await Running.StartAsync();
        using var client = new TusClient(running, running.Token("phone"));

        (await KeepAsync(client, running, await UploadAsync(client), "something else")).ShouldBe(HttpStatusCode.UnprocessableEntity);
        running.Files().ShouldBeEmpty();
        Directory.GetFiles(Path.Combine(running.Place, ".holdfast/incoming")).ShouldBeEmpty();
        (await KeepAsync(client, running, await UploadAsync(client), "first second")).ShouldBe(HttpStatusCode.OK);

        running.Files().ShouldBe(new Dictionary<string, string> { ["a"] = "first second" });
    }

    [Fact]
    public async Task AnUploadAndAReadBackGoNoFasterThanTheyMay()
    {
        await using var running = await Running.StartAsync();
        var token = running.Token("phone");
        running.File("phone/large", new string('x', 3_000_000));
        var time = new StepTime();
        var target = new HttpLibraryTarget(running.Address, () => token, time) { UploadLimit = RateTimetable.Always(1_000_000), DownloadLimit = RateTimetable.Always(500_000) };

        (await running.BackupAsync("phone", target)).Targets[0].Failure.ShouldBeNull();

        time.Waited.TotalSeconds.ShouldBeInRange(2.7, 3.01);
        var counters = new VerifyCounters();
        // The whole would be read by the server itself; of a share the bytes come here.
        await target.VerifyAsync(new VerifyOptions { Purpose = "test", Share = Math.BitDecrement(1.0) }, f => Assert.Fail(f.ToString()), counters, TestContext.Current.CancellationToken);
        counters.BytesDone.ShouldBe(3_000_000);
        time.Waited.TotalSeconds.ShouldBeInRange(8.2, 9.02);
    }

    [Fact]
    public async Task WhatTheServersDiskTurnedIsFoundFromAfar()
    {
        var isBad = false;
        await using var running = await Running.StartAsync(open: path => new TurnedBits(LocalFolders.Open(path), () => isBad));
        var token = running.Token("phone");
        running.File("phone/1.jpg", "one");
        running.File("phone/2.jpg", "two");
        await running.BackupAsync("phone", token);
        isBad = true;
        var found = new List<string>();
        var target = new HttpLibraryTarget(running.Address, () => token, TimeProvider.System);
        await target.VerifyAsync(new VerifyOptions { Purpose = "test", Share = Math.BitDecrement(1.0) }, f => found.Add($"{f.Path}: {f.Problem}"), new VerifyCounters(), TestContext.Current.CancellationToken);
        found.ShouldBe(["1.jpg: the server gives other bytes than were stored", "2.jpg: the server gives other bytes than were stored"]);
    }

    [Fact]
    public async Task RangesOfAContentAreServed()
    {
        await using var running = await Running.StartAsync();
        var token = running.Token("phone");
        running.Curl(token, "--data-binary", "0123456789", $"{running.Address}/upload?name=digits");
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("0123456789"u8));

        running.Curl(token, "-r", "2-4", $"{running.Address}/api/v1/contents/{hash}").ShouldBe((206, "234"));
        running.Curl(token, $"{running.Address}/api/v1/contents/{hash}").ShouldBe((200, "0123456789"));
        running.Curl(token, $"{running.Address}/api/v1/contents/{hash[..^1]}0").Status.ShouldBe(hash.EndsWith('0') ? 200 : 404);
    }

    private static async Task<string> UploadAsync(TusClient client)
    {
        var location = await client.CreateAsync(12);
        (await client.PatchAsync(location, 0, "first "u8.ToArray())).ShouldBe(HttpStatusCode.NoContent);
        (await client.PatchAsync(location, 6, "second"u8.ToArray())).ShouldBe(HttpStatusCode.NoContent);
        return location;
    }

    private static async Task<HttpStatusCode> KeepAsync(TusClient client, Running running, string location, string contents)
    {
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(contents)));
        var body = $$"""
            {"arrivals":[{"client":"phone","job":"photos","upload":"{{location[(location.LastIndexOf('/') + 1)..]}}","entry":{"path":"a","type":"file","size":12,"mtime":"1","mode":"0644","uid":0,"gid":0,"sha256":"{{hash}}"} }]}
            """;
        using var answer = await client.SendAsync("POST", $"{running.Address}/api/v1/names", Encoding.UTF8.GetBytes(body));
        return answer.StatusCode;
    }
}
