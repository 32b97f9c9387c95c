using Holdfast.Server.Access;

namespace Holdfast.Server.Tests;

/// <summary><c>mode: sync</c> with a library behind a server.</summary>
public sealed class SyncTests
{
    [Fact]
    public async Task TwoClientsAndPeopleAtTheLibraryEndWithTheSame()
    {
        await using var running = await Running.StartAsync();
        var (laptop, phone) = (running.Token("laptop", Scope.Full), running.Token("phone", Scope.Full));
        running.File("laptop/a/1.jpg", "one");
        running.File("laptop/a/2.jpg", "two");
        running.File("laptop/a/2 again.jpg", "two");
        running.File("phone/b/3.jpg", "three");
        await running.SyncAsync("laptop", laptop);
        await running.SyncAsync("phone", phone);
        await running.SyncAsync("laptop", laptop);
        Directory.GetFiles(running["laptop/b"]).Length.ShouldBe(1);

        File.Move(running["laptop/a/1.jpg"], running["laptop/b/1.jpg"]);
        File.Delete(running["phone/a/2.jpg"]);
        running.File("library/a/by hand.jpg", "by hand");
        running.File("laptop/b/3.jpg", "the laptop's");
        File.Delete(running["phone/b/3.jpg"]);
        running.File("phone/b/3.jpg", "the phone's");
        await running.SyncAsync("laptop", laptop);
        await running.SyncAsync("phone", phone);
        await running.SyncAsync("laptop", laptop);

        running.Files().Values.Order(StringComparer.Ordinal).ShouldBe(["by hand", "one", "the laptop's", "the phone's", "two"]);
        running.Files().Keys.ShouldBe(["a/2 again.jpg", "a/by hand.jpg", "b/1.jpg", $"b/3 (conflict, phone, {TimeProvider.System.GetUtcNow():yyyy-MM-dd}).jpg", "b/3.jpg"]);
        foreach (var client in new[] { "laptop", "phone" })
            foreach (var (name, text) in running.Files())
                File.ReadAllText(Path.Combine(running[client], name)).ShouldBe(text);
    }

    [Fact]
    public async Task ATokenThatMayOnlyAddChangesNothing()
    {
        await using var running = await Running.StartAsync();
        running.File("laptop/a", "one");

        var report = await running.TrySyncAsync("laptop", running.Token("laptop", Scope.Append));

        report.Targets[0].Failure.ShouldNotBeNull().Message.ShouldContain("scope");
        running.Files().ShouldBeEmpty();
    }

    [Fact]
    public async Task StepsThatArriveTwiceOrAreNoneDoNoHarm()
    {
        await using var running = await Running.StartAsync();
        var token = running.Token("laptop", Scope.Full);
        running.Curl(token, "--data-binary", "one", $"{running.Address}/upload?name=a");
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("one"u8));
        var changes = $"{running.Address}/api/v1/changes";
        var move = $$"""{"steps":[{"kind":"move","from":"a","path":"b","expected":"{{hash}}"}]}""";

        running.Curl(token, "-d", move, changes).ShouldBe((200, """{"outcomes":["done"]}"""));
        running.Curl(token, "-d", move, changes).ShouldBe((200, """{"outcomes":["done"]}"""));
        running.Curl(token, "-d", $$"""{"steps":[{"kind":"remove","path":"b","expected":"{{new string('0', 64)}}"}]}""", changes).ShouldBe((200, """{"outcomes":["changed"]}"""));
        running.Curl(token, "-d", $$"""{"steps":[{"kind":"remove","path":".holdfast/place.json","expected":"{{hash}}"}]}""", changes).ShouldBe((200, """{"outcomes":["unfit"]}"""));
        running.Curl(token, "-d", $$"""{"steps":[{"kind":"move","from":"b","path":".holdfast/x","expected":"{{hash}}"}]}""", changes).ShouldBe((200, """{"outcomes":["unfit"]}"""));
        running.Curl(token, "-d", """{"steps":[{"kind":"remove","path":"../x"}]}""", changes).Status.ShouldBe(400);
        running.Curl(token, "-d", """{"steps":[{"kind":"burn","path":"b"}]}""", changes).Status.ShouldBe(400);
        running.Curl(token, "-X", "PUT", "-d", """{"mark":"../../x"}""", $"{running.Address}/api/v1/marks/{new string('a', 32)}").Status.ShouldBe(400);
        running.Files().Keys.ShouldBe(["b"]);
    }
}
