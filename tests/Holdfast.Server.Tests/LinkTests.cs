using System.Text.Json;
using Holdfast.Server.Access;
using Holdfast.Testing.Machines;

namespace Holdfast.Server.Tests;

/// <summary>Files under addresses of their own, for what a browser loads without a token.</summary>
public sealed class LinkTests
{
    [Fact]
    public async Task ALinkShowsOneFileToWhoeverHasIt()
    {
        await using var running = await Running.StartAsync();
        var token = running.Token("ann");
        running.Curl(token, "--data-binary", "0123456789", $"{running.Address}/upload?name=a%20b.html").Status.ShouldBe(201);

        var link = Link(running, running.Token("reader", Scope.Read), "a b.html");

        running.Curl("", link).ShouldBe((200, "0123456789"));
        running.Curl("", "-r", "2-4", link).ShouldBe((206, "234"));
        var answer = running.Curl("", "-i", link).Body;
        answer.ShouldContain("Content-Type: application/octet-stream");
        answer.ShouldContain("Content-Security-Policy: sandbox");
        answer.ShouldContain("Cache-Control: no-store");
        running.Curl("", "-X", "DELETE", link).Status.ShouldBe(405);
        running.Curl("", link[..^1]).Status.ShouldBe(404);
        running.Curl("", link[..(link.LastIndexOf('/') + 1)] + new string('0', 64)).Status.ShouldBe(404);
        foreach (var path in new[] { "../library.server/tokens.json", ".holdfast/place.json", "nowhere", "" })
        {
            var (status, body) = running.Curl(token, "--data-binary", JsonSerializer.Serialize(new { path }), $"{running.Address}/api/v1/links");
            if (status == 200)
                running.Curl("", Of(running, body)).Status.ShouldBe(404);
            else
                status.ShouldBe(400);
        }
    }

    [Fact]
    public async Task ALinkEndsWithItsTokenAndAfterAnHourWithoutUse()
    {
        var clock = new HandClock();
        await using var running = await Running.StartAsync(time: clock);
        running.Curl(running.Token("phone"), "--data-binary", "x", $"{running.Address}/upload?name=a.txt").Status.ShouldBe(201);
        var revoked = Link(running, running.Token("eve", Scope.Read), "a.txt");
        var (used, forgotten) = (Link(running, running.Token("ann", Scope.Read), "a.txt"), Link(running, running.Token("bob", Scope.Read), "a.txt"));

        running.Revoke("eve");
        running.Curl("", revoked).Status.ShouldBe(404);
        // Another token of that name is another token.
        running.Token("eve", Scope.Read);
        running.Curl("", revoked).Status.ShouldBe(404);
        clock.Now += TimeSpan.FromMinutes(50);
        running.Curl("", used).Status.ShouldBe(200);
        clock.Now += TimeSpan.FromMinutes(50);
        running.Curl("", used).Status.ShouldBe(200);
        running.Curl("", forgotten).Status.ShouldBe(404);
    }

    [Fact]
    public async Task NobodyFillsTheServerWithLinks()
    {
        await using var running = await Running.StartAsync();
        using var tokens = new TokenFile(running["other"]);
        var time = TimeProvider.System;
        tokens.Add("ann", Scope.Read, time.GetUtcNow(), null);
        var links = new FileLinks(tokens, time);
        var path = Core.Model.EntryPath.From("a.txt");

        var made = Enumerable.Range(0, FileLinks.MostOfOne + 1).Select(_ => links.Make(tokens.All[0], path)).ToList();

        links.Find(made[0]).ShouldBeNull();
        made.Count(id => links.Find(id) == path).ShouldBe(FileLinks.MostOfOne);
    }

    private static string Link(Running running, string token, string path)
    {
        var (status, body) = running.Curl(token, "--data-binary", JsonSerializer.Serialize(new { path }), $"{running.Address}/api/v1/links");
        status.ShouldBe(200);
        return Of(running, body);
    }

    private static string Of(Running running, string body) => $"{running.Address}/{JsonDocument.Parse(body).RootElement.GetProperty("link").GetString()}";
}
