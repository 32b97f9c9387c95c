using System.Text;
using Holdfast.Core.Model;
using Holdfast.Library.Http;
using Holdfast.Server.Access;

namespace Holdfast.Server.Tests;

/// <summary>Whose the names of a client are: no token that may only add can disturb what another's client gets back.</summary>
public sealed class NameOwnerTests
{
    [Fact]
    public async Task NamesOfAnotherTokensClientAreNotRecorded()
    {
        await using var running = await Running.StartAsync();
        var (phone, thief, full) = (running.Token("phone"), running.Token("thief"), running.Token("admin", Scope.Full));
        // A client that is called like a token, and one that is not.
        foreach (var client in new[] { "phone", "laptop" })
            Name(running, phone, client, "a.jpg", "one").Status.ShouldBe(200);
        Upload(running, thief, "other");

        foreach (var client in new[] { "phone", "laptop", "admin" })
        {
            var (status, body) = Name(running, thief, client, "a.jpg", "other");
            status.ShouldBe(403);
            body.ShouldContain($"u0027{client}");
        }
        Name(running, thief, "thief", "a.jpg", "other").Status.ShouldBe(200);
        Name(running, thief, "tablet", "a.jpg", "other").Status.ShouldBe(200);
        Name(running, phone, "tablet", "a.jpg", "one").Status.ShouldBe(403);

        // The same after a restart, and when the first one's token is gone; one of the same name takes its place.
        running.Revoke("phone");
        await running.RestartAsync();
        Name(running, thief, "laptop", "a.jpg", "other").Status.ShouldBe(403);
        Name(running, running.Token("phone"), "laptop", "b.jpg", "one").Status.ShouldBe(200);
        Name(running, full, "laptop", "c.jpg", "other").Status.ShouldBe(200);
        running.Library.Uploaded("laptop", "photos", EntryPath.From("a.jpg"))!.Content.ShouldBe(ContentOf("one"));
        running.Library.Uploaded("phone", "photos", EntryPath.From("a.jpg"))!.Content.ShouldBe(ContentOf("one"));
    }

    [Fact]
    public async Task AClientIsToldWhoseItsNamesAre()
    {
        await using var running = await Running.StartAsync();
        running.File("laptop/a.jpg", "one");
        await running.BackupAsync("laptop", running.Token("anna"));
        running.File("laptop/b.jpg", "two");
        var other = running.Token("other");

        var failure = await Should.ThrowAsync<InvalidOperationException>(() => running.BackupAsync("laptop", new HttpLibraryTarget(running.Address, () => other, TimeProvider.System)));

        failure.Message.ShouldContain("'anna'");
        failure.Message.ShouldContain("client:");
    }

    private static (int Status, string Body) Name(Running running, string token, string client, string name, string text)
    {
        Upload(running, token, text);
        return running.Curl(token, "-d", $$"""{"arrivals":[{"client":"{{client}}","job":"photos","entry":{"path":"{{name}}","type":"file","size":{{text.Length}},"mtime":"1","mode":"0644","uid":0,"gid":0,"sha256":"{{ContentOf(text)}}"} }]}""", $"{running.Address}/api/v1/names");
    }

    private static void Upload(Running running, string token, string text) => running.Curl(token, "--data-binary", text, $"{running.Address}/upload?name={text}").Status.ShouldBeOneOf(200, 201);

    private static ContentId ContentOf(string text) => new(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
