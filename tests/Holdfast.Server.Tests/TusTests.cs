using System.Net;
using System.Security.Cryptography;
using System.Text;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Server.Access;
using Holdfast.Testing.Faults;
using Holdfast.Testing.Machines;

namespace Holdfast.Server.Tests;

/// <summary>Uploads in parts, as tus 1.0 says (https://tus.io/protocols/resumable-upload): core, creation, expiration, checksum, termination.</summary>
public sealed class TusTests
{
    private const HttpStatusCode ChecksumMismatch = (HttpStatusCode)460;

    [Fact]
    public async Task WhatCouldNotBeRecordedIsNoSuccessBeforeItIs()
    {
        var plan = new FaultPlan().Fail(new FaultRule { Operation = FolderOperation.CreateFile, Error = Errno.NoSpace, Times = 1, Path = p => p.ToString() == ".holdfast/names.jsonl" });
        await using var running = await Running.StartAsync(open: plan.Open);
        using var client = new TusClient(running, running.Token("phone"));
        var bytes = "picture"u8.ToArray();
        var upload = await client.CreateAsync(bytes.Length, ("filename", "a.jpg"));

        (await client.PatchAsync(upload, 0, bytes)).ShouldBe(HttpStatusCode.InsufficientStorage);
        running.Library.Uploaded("phone", "upload", EntryPath.From("a.jpg")).ShouldBeNull();

        // The file has its name by then, and the server knows: only what could not be recorded is done once more.
        (await client.PatchAsync(upload, bytes.Length, [])).ShouldBe(HttpStatusCode.NoContent);
        running.Files().ShouldBe(new Dictionary<string, string> { ["a.jpg"] = "picture" });
        running.Library.Uploaded("phone", "upload", EntryPath.From("a.jpg")).ShouldNotBeNull();
    }

    [Fact]
    public async Task WhatTheServerCanIsToldToWhomeverAsks()
    {
        await using var running = await Running.StartAsync(new ServerOptions { LargestFile = 1000 });
        using var client = new TusClient(running, running.Token("phone"));

        using var answer = await client.SendAsync("OPTIONS", client.Uploads, null, ("Tus-Resumable", "0.2.2"));

        answer.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        TusClient.Header(answer, "Tus-Version").ShouldBe("1.0.0");
        TusClient.Header(answer, "Tus-Extension")!.Split(',').ShouldBe(["creation", "creation-defer-length", "creation-with-upload", "expiration", "checksum", "termination"], ignoreOrder: true);
        TusClient.Header(answer, "Tus-Checksum-Algorithm")!.Split(',').ShouldContain("sha1");
        TusClient.Header(answer, "Tus-Max-Size").ShouldBe("1000");
        (await StatusAsync(client, "POST", client.Uploads, ("Upload-Length", "1001"))).ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task AFileInPartsLiesUnderItsNameWithItsLastByte()
    {
        await using var running = await Running.StartAsync();
        using var client = new TusClient(running, running.Token("phone"));
        var location = await client.CreateAsync(11, ("filename", "DCIM/ä b.jpg"), ("mtime", "1763690000"), ("is_confidential", ""));

        (await client.OffsetAsync(location)).ShouldBe(0);
        (await client.PatchAsync(location, 0, "hello "u8.ToArray())).ShouldBe(HttpStatusCode.NoContent);
        running.Files().ShouldBeEmpty();
        using (var last = await client.SendAsync("PATCH", location, "world"u8.ToArray(), ("Upload-Offset", "6")))
        {
            last.StatusCode.ShouldBe(HttpStatusCode.NoContent);
            TusClient.Header(last, "Upload-Offset").ShouldBe("11");
            TusClient.Header(last, "Tus-Resumable").ShouldBe("1.0.0");
            Uri.UnescapeDataString(TusClient.Header(last, "Holdfast-Path")!).ShouldBe("DCIM/ä b.jpg");
            TusClient.Header(last, "Holdfast-Outcome").ShouldBe("stored");
        }

        running.Files().ShouldBe(new Dictionary<string, string> { ["DCIM/ä b.jpg"] = "hello world" });
        File.GetLastWriteTimeUtc(Path.Combine(running.Place, "DCIM/ä b.jpg")).ShouldBe(DateTime.UnixEpoch.AddSeconds(1763690000));
        // Who missed the last answer asks again.
        using var head = await client.SendAsync("HEAD", location);
        (TusClient.Header(head, "Upload-Offset"), TusClient.Header(head, "Upload-Length"), TusClient.Header(head, "Upload-Expires")).ShouldBe(("11", "11", null));
        TusClient.Header(head, "Upload-Metadata")!.ShouldContain("filename REN");
        File.ReadAllLines(running.Place + ".server/audit.jsonl").ShouldHaveSingleItem().ShouldContain("\"name\":\"DCIM/ä b.jpg\",\"status\":204");
        var again = await client.CreateAsync(11, ("filename", "copy.jpg"));
        using var known = await client.SendAsync("PATCH", again, "hello world"u8.ToArray(), ("Upload-Offset", "0"));
        TusClient.Header(known, "Holdfast-Outcome").ShouldBe("already-there");
        Incoming(running).ShouldBeEmpty();
    }

    [Fact]
    public async Task UploadsThatWaitForTheirNextPartHoldNoFileOpen()
    {
        await using var running = await Running.StartAsync();
        using var client = new TusClient(running, running.Token("phone"));
        var locations = new List<string>();
        for (var i = 0; i < 20; i++)
        {
            locations.Add(await client.CreateAsync(11, ("filename", $"{i}.txt")));
            (await client.PatchAsync(locations[i], 0, "hello "u8.ToArray())).ShouldBe(HttpStatusCode.NoContent);
        }

        Incoming(running).Length.ShouldBe(20);
        OpenFiles().ShouldNotContain(f => f.StartsWith(Path.Combine(running.Place, ".holdfast/incoming/"), StringComparison.Ordinal));
        (await client.PatchAsync(locations[7], 6, "world"u8.ToArray())).ShouldBe(HttpStatusCode.NoContent);
        running.Files().ShouldBe(new Dictionary<string, string> { ["7.txt"] = "hello world" });
    }

    [Theory]
    [InlineData("removed")]
    [InlineData("replaced")]
    [InlineData("cut")]
    public async Task APartIsNotAddedToBytesThatSomebodyTookAway(string how)
    {
        await using var running = await Running.StartAsync();
        using var client = new TusClient(running, running.Token("phone"));
        var location = await client.CreateAsync(11, ("filename", "a.txt"));
        await client.PatchAsync(location, 0, "hello "u8.ToArray());
        var file = Incoming(running).Single();
        if (how == "cut")
            File.WriteAllText(file, "");
        else
            File.Move(file, file + ".away");
        if (how == "replaced")
            File.WriteAllText(file, "HELLO ");

        (await client.PatchAsync(location, 6, "world"u8.ToArray())).ShouldBe(HttpStatusCode.InternalServerError);

        running.Files().ShouldBeEmpty();
    }

    [Fact]
    public async Task AContentThatIsThereIsNotStoredAgainAndATakenNameGetsANumber()
    {
        await using var running = await Running.StartAsync();
        using var client = new TusClient(running, running.Token("phone"));
        await WholeAsync(client, "a.txt", "one");
        await WholeAsync(client, "b.txt", "one");
        await WholeAsync(client, "a.txt", "two");
        await WholeAsync(client, "empty", "");

        running.Files().ShouldBe(new Dictionary<string, string> { ["a (2).txt"] = "two", ["a.txt"] = "one", ["empty"] = "" });
        Incoming(running).ShouldBeEmpty();
    }

    [Fact]
    public async Task AContentThatWasDeletedForGoodOrHasAnotherHashIsRefused()
    {
        await using var running = await Running.StartAsync();
        var token = running.Token("phone", Scope.Full);
        using var client = new TusClient(running, token);
        await WholeAsync(client, "a.txt", "one");
        running.Curl(token, "-X", "DELETE", $"{running.Address}/api/v1/files?path=a.txt&for_good=1").Status.ShouldBe(200);

        (await client.PatchAsync(await client.CreateAsync(3, ("filename", "a.txt")), 0, "one"u8.ToArray())).ShouldBe(HttpStatusCode.Gone);
        var wrong = Convert.ToHexStringLower(SHA256.HashData("three"u8));
        (await client.PatchAsync(await client.CreateAsync(3, ("filename", "b.txt"), ("sha256", wrong)), 0, "two"u8.ToArray())).ShouldBe(HttpStatusCode.UnprocessableEntity);

        running.Files().ShouldBeEmpty();
        Incoming(running).ShouldBeEmpty();
    }

    [Fact]
    public async Task AnUploadBeginsOnlyAsTheProtocolHasIt()
    {
        await using var running = await Running.StartAsync();
        using var client = new TusClient(running, running.Token("phone"));
        (HttpStatusCode Status, string[] Headers)[] cases =
        [
            (HttpStatusCode.PreconditionFailed, ["Tus-Resumable: 0.2.2", "Upload-Length: 5"]),
            (HttpStatusCode.BadRequest, []),
            (HttpStatusCode.BadRequest, ["Upload-Length: -5"]),
            (HttpStatusCode.BadRequest, ["Upload-Length: 5", "Upload-Defer-Length: 1"]),
            (HttpStatusCode.BadRequest, ["Upload-Defer-Length: 2"]),
            (HttpStatusCode.BadRequest, ["Upload-Length: 5", "Upload-Metadata: filename !"]),
            (HttpStatusCode.BadRequest, ["Upload-Length: 5", "Upload-Metadata: filename YQ==,filename YQ=="]),
            (HttpStatusCode.BadRequest, ["Upload-Length: 5", "Upload-Metadata: filename Li4vYQ=="]), // ../a
            (HttpStatusCode.BadRequest, ["Upload-Length: 5", "Upload-Metadata: filename L2V0Yy9h"]), // /etc/a
            (HttpStatusCode.BadRequest, ["Upload-Length: 5", "Upload-Metadata: filename YQBi"]), // a NUL
            (HttpStatusCode.BadRequest, ["Upload-Length: 5", "Upload-Metadata: mtime YQ=="]),
            (HttpStatusCode.Created, ["Upload-Length: 5", "Upload-Metadata: is_confidential"]),
        ];
        foreach (var (expected, headers) in cases)
        {
            using var answer = await client.SendAsync("POST", client.Uploads, null, [.. headers.Select(h => h.Split(": ")).Select(h => (h[0], h[1]))]);

            answer.StatusCode.ShouldBe(expected, string.Join(", ", headers));
            TusClient.Header(answer, "Tus-Version").ShouldBe(expected == HttpStatusCode.PreconditionFailed ? "1.0.0" : null);
            Incoming(running).Length.ShouldBe(expected == HttpStatusCode.Created ? 1 : 0);
        }
    }

    [Fact]
    public async Task APartIsTakenOnlyWhereTheUploadEndsAndOnlyOfItsType()
    {
        await using var running = await Running.StartAsync();
        using var client = new TusClient(running, running.Token("phone"));
        var location = await client.CreateAsync(6, ("filename", "a.txt"));
        await client.PatchAsync(location, 0, "abc"u8.ToArray());

        (await client.PatchAsync(location, 0, "abc"u8.ToArray())).ShouldBe(HttpStatusCode.Conflict);
        (await client.PatchAsync(location, 4, "e"u8.ToArray())).ShouldBe(HttpStatusCode.Conflict);
        (await client.PatchAsync(location, 3, "defg"u8.ToArray())).ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        running.Curl(running.Token("other"), "-X", "PATCH", "-H", "Tus-Resumable: 1.0.0", "-d", "x", location).Status.ShouldBe(404);
        (await StatusAsync(client, "PATCH", location, ("Upload-Offset", "3"))).ShouldBe(HttpStatusCode.UnsupportedMediaType);
        (await client.SendAsync("PATCH", location, "def"u8.ToArray(), ("Upload-Offset", "3"), ("Tus-Resumable", "2.0.0"))).StatusCode.ShouldBe(HttpStatusCode.PreconditionFailed);
        (await client.SendAsync("PATCH", location, "def"u8.ToArray(), ("Upload-Offset", "3"), ("Upload-Length", "7"))).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await client.OffsetAsync(location)).ShouldBe(3);
        (await client.PatchAsync(location, 3, "def"u8.ToArray())).ShouldBe(HttpStatusCode.NoContent);

        running.Files().Values.ShouldBe(["abcdef"]);
    }

    [Fact]
    public async Task APartWithoutItsChecksumNeverWas()
    {
        await using var running = await Running.StartAsync();
        using var client = new TusClient(running, running.Token("phone"));
        var location = await client.CreateAsync(8, ("filename", "a.txt"));
        var sha1 = $"sha1 {Convert.ToBase64String(SHA1.HashData("abc"u8))}";

        (await client.PatchAsync(location, 0, "abd"u8.ToArray(), sha1)).ShouldBe(ChecksumMismatch);
        (await client.PatchAsync(location, 0, "abc"u8.ToArray(), "md17 AAAA")).ShouldBe(HttpStatusCode.BadRequest);
        (await client.PatchAsync(location, 0, "abc"u8.ToArray(), sha1)).ShouldBe(HttpStatusCode.NoContent);
        (await client.PatchAsync(location, 3, "xxxxx"u8.ToArray(), TusClient.Sha256("defgh"u8.ToArray()))).ShouldBe(ChecksumMismatch);
        (await client.OffsetAsync(location)).ShouldBe(3);
        (await client.PatchAsync(location, 3, "de"u8.ToArray(), TusClient.Sha256("de"u8.ToArray()))).ShouldBe(HttpStatusCode.NoContent);
        (await client.PatchAsync(location, 5, "fgh"u8.ToArray())).ShouldBe(HttpStatusCode.NoContent);

        running.Files().ShouldBe(new Dictionary<string, string> { ["a.txt"] = "abcdefgh" });
    }

    [Fact]
    public async Task BytesOfARefusedPartDoNotStayBehindTheEnd()
    {
        await using var running = await Running.StartAsync();
        using var client = new TusClient(running, running.Token("phone"));
        using var created = await client.SendAsync("POST", client.Uploads, null, ("Upload-Defer-Length", "1"), ("Upload-Metadata", "filename YQ=="));
        var location = running.Address + created.Headers.Location;
        using (var head = await client.SendAsync("HEAD", location))
            (TusClient.Header(head, "Upload-Defer-Length"), TusClient.Header(head, "Upload-Length")).ShouldBe(("1", null));

        (await client.PatchAsync(location, 0, "far too much of it"u8.ToArray(), TusClient.Sha256("short"u8.ToArray()))).ShouldBe(ChecksumMismatch);
        (await client.SendAsync("PATCH", location, "short"u8.ToArray(), ("Upload-Offset", "0"), ("Upload-Length", "5"))).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        running.Files().ShouldBe(new Dictionary<string, string> { ["a"] = "short" });
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AnUploadGoesOnAfterItsConnectionBroke(bool isClosed)
    {
        await using var running = await Running.StartAsync();
        using var client = new TusClient(running, running.Token("phone"));
        var bytes = new byte[3_000_000];
        new Random(RandomSeed.Next()).NextBytes(bytes);
        var location = await client.CreateAsync(bytes.Length, ("filename", "a.bin"));
        using var broken = await client.BeginPatchAsync(location, 0, bytes, sent: 1_000_000);
        if (isClosed)
            broken.Client.Close(0); // A reset, as when a phone loses its network and comes back.

        // What was sent before the break may arrive only now; then the offset is another one, and the client asks again.
        var status = HttpStatusCode.Conflict;
        for (var attempt = 0; attempt < 10 && status == HttpStatusCode.Conflict; attempt++)
        {
            var offset = (await client.OffsetAsync(location))!.Value;
            // A broken request that the server comes to only now ends the one that goes on, and what that one brought counts.
            offset.ShouldBeInRange(0, attempt == 0 ? 1_000_000 : bytes.Length);
            try
            {
                status = await client.PatchAsync(location, offset, bytes[(int)offset..]);
            }
            catch (HttpRequestException)
            {
                // The server refused it before all was sent, and hung up.
            }
        }

        status.ShouldBe(HttpStatusCode.NoContent);
        File.ReadAllBytes(Path.Combine(running.Place, "a.bin")).ShouldBe(bytes);
        Incoming(running).ShouldBeEmpty();
    }

    [Fact]
    public async Task AStolenIdIsOfNoUseToAnotherToken()
    {
        await using var running = await Running.StartAsync();
        using var client = new TusClient(running, running.Token("phone"));
        using var thief = new TusClient(running, running.Token("thief", Scope.Full));
        using var reader = new TusClient(running, running.Token("reader", Scope.Read));
        var location = await client.CreateAsync(6, ("filename", "a.txt"));
        await client.PatchAsync(location, 0, "abc"u8.ToArray());

        (await thief.OffsetAsync(location)).ShouldBeNull();
        (await thief.PatchAsync(location, 3, "bad"u8.ToArray())).ShouldBe(HttpStatusCode.NotFound);
        (await StatusAsync(thief, "DELETE", location)).ShouldBe(HttpStatusCode.NotFound);
        (await StatusAsync(thief, "POST", location, ("X-HTTP-Method-Override", "DELETE"))).ShouldBe(HttpStatusCode.NotFound);
        (await reader.PatchAsync(location, 3, "bad"u8.ToArray())).ShouldBe(HttpStatusCode.Forbidden);
        var named = $$"""{"arrivals":[{"client":"thief","job":"x","upload":"{{location.Split('/')[^1]}}","entry":{"path":"stolen","type":"file","size":3,"mtime":"1","mode":"0644","uid":0,"gid":0,"sha256":"{{Convert.ToHexStringLower(SHA256.HashData("abc"u8))}}"} }]}""";
        (await thief.SendAsync("POST", $"{running.Address}/api/v1/names", Encoding.UTF8.GetBytes(named))).StatusCode.ShouldBe(HttpStatusCode.OK);
        running.Files().ShouldBeEmpty();
        (await client.PatchAsync(location, 3, "def"u8.ToArray())).ShouldBe(HttpStatusCode.NoContent);

        running.Files().Values.ShouldBe(["abcdef"]);
    }

    [Fact]
    public async Task AnUploadThatNobodyGoesOnWithExpires()
    {
        var clock = new HandClock();
        await using var running = await Running.StartAsync(time: clock);
        using var client = new TusClient(running, running.Token("phone"));
        using var created = await client.SendAsync("POST", client.Uploads, null, ("Upload-Length", "6"));
        var location = running.Address + created.Headers.Location;
        TusClient.Header(created, "Upload-Expires").ShouldBe("Mon, 02 Mar 2026 12:00:00 GMT");

        clock.Now += TimeSpan.FromHours(23);
        using (var part = await client.SendAsync("PATCH", location, "abc"u8.ToArray(), ("Upload-Offset", "0")))
            TusClient.Header(part, "Upload-Expires").ShouldBe("Tue, 03 Mar 2026 11:00:00 GMT");
        clock.Now += TimeSpan.FromHours(24);
        (await client.OffsetAsync(location)).ShouldBe(3);
        clock.Now += TimeSpan.FromHours(24) + TimeSpan.FromSeconds(1);

        (await client.PatchAsync(location, 3, "def"u8.ToArray())).ShouldBe(HttpStatusCode.NotFound);
        Incoming(running).ShouldBeEmpty();
    }

    [Fact]
    public async Task AnEndedUploadIsGoneWithItsBytes()
    {
        await using var running = await Running.StartAsync();
        using var client = new TusClient(running, running.Token("phone"));
        var one = await client.CreateAsync(6);
        var other = await client.CreateAsync(6);
        await client.PatchAsync(one, 0, "abc"u8.ToArray());
        Incoming(running).Length.ShouldBe(2);

        (await StatusAsync(client, "DELETE", one)).ShouldBe(HttpStatusCode.NoContent);
        (await StatusAsync(client, "POST", other, ("X-HTTP-Method-Override", "DELETE"))).ShouldBe(HttpStatusCode.NoContent);

        (await client.OffsetAsync(one)).ShouldBeNull();
        (await StatusAsync(client, "DELETE", one)).ShouldBe(HttpStatusCode.NotFound);
        (await client.PatchAsync(one, 3, "def"u8.ToArray())).ShouldBe(HttpStatusCode.NotFound);
        Incoming(running).ShouldBeEmpty();
    }

    [Fact]
    public async Task WhateverOrderPartsComeInTheFileIsWhatWasSent()
    {
        var random = new Random(RandomSeed.Next());
        await using var running = await Running.StartAsync();
        using var client = new TusClient(running, running.Token("phone"));
        for (var file = 0; file < 8; file++)
        {
            var bytes = new byte[random.Next(1, 700_000)];
            random.NextBytes(bytes);
            var location = await client.CreateAsync(bytes.Length, ("filename", $"{file}.bin"));
            for (long offset = 0; offset < bytes.Length; offset = (await client.OffsetAsync(location))!.Value)
                await SendSomethingAsync(client, location, bytes, offset, random);
            File.ReadAllBytes(Path.Combine(running.Place, $"{file}.bin")).ShouldBe(bytes);
        }
        Incoming(running).ShouldBeEmpty();
    }

    private static async Task SendSomethingAsync(TusClient client, string location, byte[] bytes, long offset, Random random)
    {
        // A part that was cut off may arrive only now, and then the upload ends elsewhere.
        const HttpStatusCode late = HttpStatusCode.Conflict;
        var part = bytes.AsSpan((int)offset, (int)Math.Min(bytes.Length - offset, random.Next(1, 200_000))).ToArray();
        switch (random.Next(5))
        {
            case 0:
                (await client.PatchAsync(location, offset, part, TusClient.Sha256(part))).ShouldBeOneOf(HttpStatusCode.NoContent, late);
                break;
            case 1:
                var other = part.ToArray();
                other[random.Next(other.Length)] ^= 1;
                (await client.PatchAsync(location, offset, other, TusClient.Sha256(part))).ShouldBeOneOf(ChecksumMismatch, late);
                break;
            case 2:
                (await client.PatchAsync(location, bytes.Length + 1 + random.Next(10), part)).ShouldBe(HttpStatusCode.Conflict);
                break;
            case 3:
                using (var broken = await client.BeginPatchAsync(location, offset, part, random.Next(part.Length)))
                    broken.Client.Close(0);
                break;
            default:
                (await client.PatchAsync(location, offset, part)).ShouldBeOneOf(HttpStatusCode.NoContent, late);
                break;
        }
    }

    private static async Task WholeAsync(TusClient client, string name, string text)
    {
        var location = await client.CreateAsync(text.Length, ("filename", name));
        if (text.Length > 0)
            (await client.PatchAsync(location, 0, Encoding.UTF8.GetBytes(text))).ShouldBe(HttpStatusCode.NoContent);
    }

    private static async Task<HttpStatusCode> StatusAsync(TusClient client, string method, string address, params (string Name, string Value)[] headers)
    {
        using var answer = await client.SendAsync(method, address, null, headers);
        return answer.StatusCode;
    }

    /// <summary>What this process has open.</summary>
    private static List<string> OpenFiles() => [.. Directory.GetFiles("/proc/self/fd").Select(f => new FileInfo(f).LinkTarget ?? "")];

    /// <summary>Bytes on their way; nothing lies beside those that say how far they are without them.</summary>
    private static string[] Incoming(Running running)
    {
        var all = Directory.GetFiles(Path.Combine(running.Place, ".holdfast/incoming"));
        var bytes = all.Where(f => !f.EndsWith(".upload", StringComparison.Ordinal)).ToArray();
        all.Except(bytes).Except(bytes.Select(f => f + ".upload")).ShouldBeEmpty();
        return bytes;
    }
}
