using System.Net.Http.Headers;
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
    public async Task AnUploadGoesOnWhereItBrokeAndIsNobodyElses()
    {
        await using var running = await Running.StartAsync();
        using var http = Client(running.Token("phone"));
        using var thief = Client(running.Token("thief"));
        using var created = await http.PostAsync($"{running.Address}/api/v1/uploads", null);
        var location = running.Address + created.Headers.Location;

        (await PatchAsync(http, location, 0, "first ")).ShouldBe(204);
        (await PatchAsync(http, location, 0, "first ")).ShouldBe(409);
        (await PatchAsync(thief, location, 6, "evil")).ShouldBe(404);
        (await PatchAsync(http, location, 6, "second", "sha256 AAAA")).ShouldBe(460);
        using var head = await http.SendAsync(new HttpRequestMessage(HttpMethod.Head, location));
        head.Headers.GetValues("Upload-Offset").ShouldBe(["6"]);
        (await PatchAsync(http, location, 6, "second")).ShouldBe(204);

        var wrong = await KeepAsync(http, running, location, "something else");
        wrong.ShouldBe(422);
        running.Files().ShouldBeEmpty();
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
        await target.VerifyAsync(new VerifyOptions { Purpose = "test" }, f => Assert.Fail(f.ToString()), counters, TestContext.Current.CancellationToken);
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
        await target.VerifyAsync(new VerifyOptions { Purpose = "test" }, f => found.Add($"{f.Path}: {f.Problem}"), new VerifyCounters(), TestContext.Current.CancellationToken);
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

    private static HttpClient Client(string token)
    {
        var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return http;
    }

    private static async Task<int> PatchAsync(HttpClient http, string location, long offset, string text, string? checksum = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Patch, location) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(text)) };
        request.Headers.Add("Upload-Offset", $"{offset}");
        if (checksum is not null)
            request.Headers.Add("Upload-Checksum", checksum);
        using var answer = await http.SendAsync(request);
        return (int)answer.StatusCode;
    }

    private static async Task<int> KeepAsync(HttpClient http, Running running, string location, string contents)
    {
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(contents)));
        var body = $$"""
            {"arrivals":[{"client":"phone","job":"photos","upload":"{{location[(location.LastIndexOf('/') + 1)..]}}","entry":{"path":"a","type":"file","size":12,"mtime":"1","mode":"0644","uid":0,"gid":0,"sha256":"{{hash}}"} }]}
            """;
        using var answer = await http.PostAsync($"{running.Address}/api/v1/names", new StringContent(body));
        return (int)answer.StatusCode;
    }
}
