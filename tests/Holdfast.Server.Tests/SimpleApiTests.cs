using System.Security.Cryptography;
using System.Text;
using Holdfast.Core.Model;
using Holdfast.Server.Access;

namespace Holdfast.Server.Tests;

/// <summary>The line of curl.</summary>
public sealed class SimpleApiTests
{
    [Fact]
    public async Task OneLineOfCurlStoresAFileOnce()
    {
        await using var running = await Running.StartAsync();
        var token = running.Token("phone");
        var file = running.File("file.ext", "line\nline\n");
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("line\nline\n")));
        var md5 = Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes("line\nline\n")));

        running.Curl(token, "--data-binary", "@" + file, $"{running.Address}/upload?name=some/location.ext&hash={md5}").Status.ShouldBe(201);
        var again = running.Curl(token, "--data-binary", "@" + file, $"{running.Address}/upload?name=other/name.ext&hash={sha256}");
        again.Status.ShouldBe(200);
        again.Body.ShouldContain("some/location.ext");
        running.Curl(token, "--data-binary", "@" + file, $"{running.Address}/upload?name=third.ext&hash={md5}").Status.ShouldBe(200);
        running.Curl(token, "--data-binary", "something else", $"{running.Address}/upload?name=some/location.ext").Status.ShouldBe(409);
        running.Curl(token, "--data-binary", "something else", $"{running.Address}/upload?name=some/location.ext&on_conflict=rename").Status.ShouldBe(201);

        running.Files().ShouldBe(new Dictionary<string, string> { ["some/location (2).ext"] = "something else", ["some/location.ext"] = "line\nline\n" });
        running.Curl(token, "-X", "POST", $"{running.Address}/sync").Body.ShouldContain("\"files\":2");
    }

    [Fact]
    public async Task EveryRefusalHasWordsBecauseCurlShowsNoStatus()
    {
        await using var running = await Running.StartAsync();
        var reader = running.Token("tablet", Scope.Read);

        Refused("guess", "-X", "POST", $"{running.Address}/sync").ShouldBe((401, "no valid token"));
        Refused(reader, "--data-binary", "x", $"{running.Address}/upload?name=a").ShouldBe((403, "the scope of the token 'tablet' is read, and this needs append"));
        Refused(reader, $"{running.Address}/api/v1/files?path=nothing").ShouldBe((404, "there is nothing of that name here"));
        Refused(reader, $"{running.Address}/nowhere").ShouldBe((404, "there is nothing of that name here"));
        Refused(reader, $"{running.Address}/upload").ShouldBe((405, "that cannot be done here with this method"));
        running.Curl(reader, "-I", $"{running.Address}/api/v1/files?path=nothing").Status.ShouldBe(404);
        for (var i = 0; i < Gate.MostFailures; i++)
            running.Curl("guess", $"{running.Address}/metrics");
        Refused("guess", $"{running.Address}/metrics").ShouldBe((429, "too many wrong tokens came from this address"));

        (int, string) Refused(string token, params string[] arguments)
        {
            var (status, body) = running.Curl(token, arguments);
            var words = System.Text.Json.JsonDocument.Parse(body).RootElement.GetProperty("error").GetString()!;
            return (status, words.Split(" came with")[0].Split("; ")[0]);
        }
    }

    [Fact]
    public async Task ABodyWithoutItsHashLeavesNothing()
    {
        await using var running = await Running.StartAsync();
        var token = running.Token("phone");
        var file = running.File("file.ext", "line\nline\n");
        var md5 = Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes("line\nline\n")));

        var answer = running.Curl(token, "--data", "@" + file, $"{running.Address}/upload?name=a&hash={md5}");

        answer.Status.ShouldBe(422);
        answer.Body.ShouldContain("--data-binary");
        running.Files().ShouldBeEmpty();
        Directory.GetFiles(Path.Combine(running.Place, ".holdfast/incoming")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("..%2Fx")]
    [InlineData("a%2F..%2F..%2Fx")]
    [InlineData("%2Fetc%2Fpasswd")]
    [InlineData("a%00b")]
    [InlineData("")]
    public async Task NamesThatLeadOutAreRefused(string name)
    {
        await using var running = await Running.StartAsync();

        running.Curl(running.Token("phone"), "--data-binary", "x", $"{running.Address}/upload?name={name}").Status.ShouldBe(400);

        running.Files().ShouldBeEmpty();
    }

    [Fact]
    public async Task WithoutTheRightTokenNothingAnswersButHealth()
    {
        await using var running = await Running.StartAsync();
        var (read, append) = (running.Token("reader", Scope.Read), running.Token("phone"));
        var old = running.Token("old", Scope.Full, TimeProvider.System.GetUtcNow().AddSeconds(-1));
        running.Curl("nothing", $"{running.Address}/health").Status.ShouldBe(200);
        (string Method, string Path, bool Adds)[] endpoints =
        [
            ("POST", "upload?name=x", true), ("POST", "sync", true), ("GET", "api/v1/library", false), ("POST", "api/v1/missing", false),
            ("GET", "api/v1/names", false), ("POST", "api/v1/names", true), ("POST", "api/v1/uploads", true), ("PATCH", "api/v1/uploads/1", true),
            ("DELETE", "api/v1/uploads/1", true), ("GET", "api/v1/contents/1", false),
            ("GET", "api/v1/entries", false), ("GET", "api/v1/files?path=x", false), ("GET", "api/v1/clients", false),
        ];
        using var http = new HttpClient();
        foreach (var (method, path, adds) in endpoints)
        {
            using var bare = await http.SendAsync(new HttpRequestMessage(new HttpMethod(method), $"{running.Address}/{path}"));
            ((int)bare.StatusCode).ShouldBe(401, path);
            if (adds)
                running.Curl(read, "-X", method, "-d", "{}", $"{running.Address}/{path}").Status.ShouldBe(403, path);
            else
                running.Curl(append, "-X", method, "-d", "{}", $"{running.Address}/{path}").Status.ShouldNotBe(403, path);
        }
        running.Curl(old, $"{running.Address}/api/v1/library").Status.ShouldBe(401);
        running.Revoke("phone");
        running.Curl(append, $"{running.Address}/api/v1/library").Status.ShouldBe(401);
        running.Files().ShouldBeEmpty();
        File.ReadAllText(running.Place + ".server/tokens.json").ShouldNotContain(read);
    }

    [Fact]
    public async Task OnOtherAddressesTokensDoNotTravelInTheClear()
    {
        await using var running = await Running.StartAsync();

        (await Should.ThrowAsync<HoldfastException>(() => LibraryServer.StartAsync(running.Place, null!, new System.Net.IPEndPoint(System.Net.IPAddress.Any, 0), new ServerOptions(), TimeProvider.System)))
            .Message.ShouldContain("--cert");
    }
}
