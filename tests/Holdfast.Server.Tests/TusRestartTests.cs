using System.Net;
using Holdfast.Library.Http;
using Holdfast.Server.Tests.Load;
using Holdfast.Testing.Machines;

namespace Holdfast.Server.Tests;

/// <summary>An upload in parts outlives its server.</summary>
public sealed class TusRestartTests
{
    [Fact]
    public async Task AnUploadIsGoneOnWithAfterItsServerWasStartedAgain()
    {
        await using var running = await Running.StartAsync();
        var token = running.Token("phone");
        var other = running.Token("other");
        using var client = new TusClient(running, token);
        using var stranger = new TusClient(running, other);
        var path = new Uri(await client.CreateAsync(11, ("filename", "DCIM/a.jpg"), ("mtime", "1763690000"))).AbsolutePath;
        (await client.PatchAsync(running.Address + path, 0, "hello "u8.ToArray())).ShouldBe(HttpStatusCode.NoContent);
        var untouched = new Uri(await client.CreateAsync(3)).AbsolutePath;
        var dropped = new Uri(await client.CreateAsync(3)).AbsolutePath;
        (await client.SendAsync("DELETE", running.Address + dropped)).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        // Twice: nobody came back in between.
        await running.RestartAsync(() => Notes(running).ShouldNotContain(token));
        await running.RestartAsync();

        using (var head = await client.SendAsync("HEAD", running.Address + path))
        {
            (TusClient.Header(head, "Upload-Offset"), TusClient.Header(head, "Upload-Length")).ShouldBe(("6", "11"));
            TusClient.Header(head, "Upload-Metadata")!.ShouldContain("filename ");
            TusClient.Header(head, "Upload-Expires").ShouldNotBeNull();
        }
        (await client.OffsetAsync(running.Address + untouched)).ShouldBe(0);
        (await client.OffsetAsync(running.Address + dropped)).ShouldBeNull();
        (await stranger.OffsetAsync(running.Address + path)).ShouldBeNull();
        (await stranger.PatchAsync(running.Address + path, 6, "wrong"u8.ToArray())).ShouldBe(HttpStatusCode.NotFound);
        (await client.PatchAsync(running.Address + path, 6, "wo"u8.ToArray(), TusClient.Sha256("xx"u8.ToArray()))).ShouldBe((HttpStatusCode)460);
        (await client.PatchAsync(running.Address + path, 6, "world"u8.ToArray())).ShouldBe(HttpStatusCode.NoContent);

        running.Files().ShouldBe(new Dictionary<string, string> { ["DCIM/a.jpg"] = "hello world" });
        File.GetLastWriteTimeUtc(Path.Combine(running.Place, "DCIM/a.jpg")).ShouldBe(DateTime.UnixEpoch.AddSeconds(1763690000));
        (await client.SendAsync("DELETE", running.Address + untouched)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        Incoming(running).ShouldBeEmpty();
    }

    [Fact]
    public async Task BytesThatAreNotWhatCameAreSentAgain()
    {
        await using var running = await Running.StartAsync();
        using var client = new TusClient(running, running.Token("phone"));
        var path = new Uri(await client.CreateAsync(11, ("filename", "a.txt"))).AbsolutePath;
        await client.PatchAsync(running.Address + path, 0, "hello "u8.ToArray());

        await running.RestartAsync(() => File.WriteAllText(Incoming(running).Single(f => Path.GetExtension(f) == ""), "jello "));

        (await client.OffsetAsync(running.Address + path)).ShouldBe(0);
        await running.RestartAsync();
        (await client.OffsetAsync(running.Address + path)).ShouldBe(0);
        (await client.PatchAsync(running.Address + path, 0, "hel"u8.ToArray())).ShouldBe(HttpStatusCode.NoContent);
        await running.RestartAsync();
        (await client.PatchAsync(running.Address + path, 3, "lo world"u8.ToArray())).ShouldBe(HttpStatusCode.NoContent);
        running.Files().Values.ShouldBe(["hello world"]);
    }

    [Fact]
    public async Task AnUploadWhoseLengthCameLateKeepsIt()
    {
        await using var running = await Running.StartAsync();
        using var client = new TusClient(running, running.Token("phone"));
        using var created = await client.SendAsync("POST", client.Uploads, null, ("Upload-Defer-Length", "1"), ("Upload-Metadata", "filename YS50eHQ="));
        var path = created.Headers.Location!.ToString();
        await client.PatchAsync(running.Address + path, 0, "hello "u8.ToArray());
        using (await client.SendAsync("PATCH", running.Address + path, [], ("Upload-Offset", "6"), ("Upload-Length", "11")))
            // More had come when it ended than was written down.
            await running.RestartAsync(() => File.AppendAllText(Incoming(running).Single(f => Path.GetExtension(f) == ""), "world and more"));

        using (var head = await client.SendAsync("HEAD", running.Address + path))
            TusClient.Header(head, "Upload-Length").ShouldBe("11");
        (await client.PatchAsync(running.Address + path, 6, "world"u8.ToArray())).ShouldBe(HttpStatusCode.NoContent);
        running.Files().Values.ShouldBe(["hello world"]);
    }

    [Fact]
    public async Task AClientSendsOnlyWhatItsServerHadNotWhenThatEnded()
    {
        const int size = 20_000_000, broke = 14_000_000, part = 8 << 20;
        await using var running = await Running.StartAsync(new ServerOptions { Patience = TimeSpan.Zero });
        var bytes = new byte[size];
        new Random(RandomSeed.Next()).NextBytes(bytes);
        running.File("phone/small.txt", "small");
        File.WriteAllBytes(running["phone/video.mp4"], bytes);
        await using var proxy = new CountingProxy(running.Address);
        var held = proxy.HoldAt(broke);

        var backup = running.BackupAsync("phone", new HttpLibraryTarget(proxy.Address, Token(running), TimeProvider.System));
        (await Task.WhenAny(held, backup)).ShouldBe(held);
        await running.RestartAsync();
        proxy.GoOn(running.Address);
        await backup;

        File.ReadAllBytes(Path.Combine(running.Place, "video.mp4")).ShouldBe(bytes);
        proxy.Take().Up.ShouldBeInRange(size, size + part + 1_000_000);
        Incoming(running).ShouldBeEmpty();
    }

    private static Func<string> Token(Running running)
    {
        var token = running.Token("phone");
        return () => token;
    }

    private static string[] Incoming(Running running) => Directory.GetFiles(Path.Combine(running.Place, ".holdfast/incoming"));

    private static string Notes(Running running) => string.Concat(Incoming(running).Where(f => f.EndsWith(".upload", StringComparison.Ordinal)).Select(File.ReadAllText));
}
