using System.Security.Cryptography;
using System.Text;
using Holdfast.Server.Access;
using Holdfast.Testing.Machines;

namespace Holdfast.Server.Tests;

/// <summary>restic itself against the server.</summary>
public sealed class ResticTests
{
    private static readonly Dictionary<string, string?> Password = new() { ["RESTIC_PASSWORD"] = "password" };

    [Fact]
    public async Task ResticBacksUpChecksAndForgetsAndReadsTheFolderWithoutTheServer()
    {
        Peer.Require("restic");
        await using var running = await Running.StartAsync();
        var repository = Repository(running, running.Token("laptop", Scope.Full));
        Files(running);

        Good(repository, "init");
        Good(repository, "backup", running["source"]);
        File.WriteAllText(Path.Combine(running["source"], "2.txt"), "changed");
        Good(repository, "backup", running["source"]);
        Good(repository, "check", "--read-data");
        Good(repository, "forget", "--keep-last", "1", "--prune");

        Good(repository, "check", "--read-data");
        Good(running.Place + ".restic/laptop", "restore", "latest", "--target", running["back"]);
        Command.Must("diff", "-r", running["source"], running["back"] + running["source"]);
        Good(running.Place + ".restic/laptop", "snapshots", "--json").Text.Split("\"short_id\"").Length.ShouldBe(2);
        Restic(repository, "list", "locks").Text.Trim().ShouldBeEmpty();
    }

    [Fact]
    public async Task WithAppendNothingIsRemovedButLocks()
    {
        Peer.Require("restic");
        await using var running = await Running.StartAsync();
        var repository = Repository(running, running.Token("laptop"));
        Files(running);
        Good(repository, "init");
        Good(repository, "backup", running["source"]);
        Good(repository, "backup", running["source"]);
        var before = Listing(running);

        // It tries each removal for a quarter of an hour; what matters is that nothing goes meanwhile.
        Command.Run("timeout", ["10", "restic", "--no-cache", "-r", repository, "forget", "--keep-last", "1", "--prune"], environment: Password).ExitCode.ShouldNotBe(0);
        Restic(repository, "unlock", "--remove-all");

        Listing(running).ShouldBe(before);
        Good(repository, "check", "--read-data");
        Restic(Repository(running, running.Token("reader", Scope.Read)), "backup", "--no-lock", running["source"]).ExitCode.ShouldNotBe(0);
        Restic(Repository(running, "guess"), "snapshots").ExitCode.ShouldNotBe(0);
    }

    [Fact]
    public async Task AFileIsStoredOnlyUnderItsOwnHashAndNeverReplaced()
    {
        await using var running = await Running.StartAsync();
        var token = running.Token("laptop", Scope.Full);
        var at = $"{running.Address}/restic/laptop";
        var (name, other) = (Hash("pack"), Hash("other"));
        running.Curl(token, "-X", "POST", $"{at}/?create=true").Status.ShouldBe(200);

        running.Curl(token, "--data-binary", "pack", $"{at}/data/{name}").Status.ShouldBe(200);
        running.Curl(token, "--data-binary", "pack", $"{at}/data/{name}").Status.ShouldBe(200);
        running.Curl(token, "--data-binary", "pack", $"{at}/data/{other}").Status.ShouldBe(400);
        running.Curl(token, "--data-binary", "one", $"{at}/config").Status.ShouldBe(200);
        running.Curl(token, "--data-binary", "two", $"{at}/config").Status.ShouldBe(409);

        running.Curl(token, $"{at}/config").Body.ShouldBe("one");
        running.Curl(token, "-r", "1-2", $"{at}/data/{name}").ShouldBe((206, "ac"));
        running.Curl(token, "-r", "-1", $"{at}/data/{name}").ShouldBe((206, "k"));
        running.Curl(token, "-r", "4-", $"{at}/data/{name}").Status.ShouldBe(416);
        running.Curl(token, $"{at}/data/").Body.ShouldBe($"[\"{name}\"]");
        running.Curl(token, "-H", "Accept: application/vnd.x.restic.rest.v2", $"{at}/data/").Body.ShouldBe($"[{{\"name\":\"{name}\",\"size\":4}}]");
        // A file that rotted is no success for whoever brings it again.
        File.WriteAllText($"{running.Place}.restic/laptop/data/{name[..2]}/{name}", "PACK");
        running.Curl(token, "--data-binary", "pack", $"{at}/data/{name}").Status.ShouldBe(409);
    }

    [Theory]
    [InlineData("POST", "..%2f?create=true")]
    [InlineData("POST", ".hidden?create=true")]
    [InlineData("POST", "a%2fb?create=true")]
    [InlineData("GET", "laptop/etc/")]
    [InlineData("GET", "laptop/data/..%2f..%2fconfig")]
    [InlineData("GET", "laptop/data/config")]
    public async Task NamesThatLeadOutAreRefused(string method, string path)
    {
        await using var running = await Running.StartAsync();

        running.Curl(running.Token("laptop", Scope.Full), "--path-as-is", "-X", method, $"{running.Address}/restic/{path}").Status.ShouldBeOneOf(400, 404);

        Directory.Exists(running.Place + ".restic").ShouldBeFalse();
    }

    private static void Files(Running running)
    {
        for (var i = 0; i < 20; i++)
            running.File($"source/{i}.txt", string.Join(' ', Enumerable.Range(i, 2000)));
    }

    private static string Repository(Running running, string token) => $"rest:{running.Address.Replace("http://", $"http://laptop:{token}@", StringComparison.Ordinal)}/restic/laptop/";

    private static Command Restic(string repository, params string[] arguments) =>
        Command.Run("restic", ["--no-cache", "-r", repository, .. arguments], environment: Password);

    private static Command Good(string repository, params string[] arguments)
    {
        var command = Restic(repository, arguments);
        command.ExitCode.ShouldBe(0, command.ErrorText);
        return command;
    }

    private static string Listing(Running running) =>
        Command.Bash("cd \"$1\"; find . -type f -not -path './locks/*' -not -path './tmp~/*' -exec sha256sum {} + | sort", running.Place + ".restic/laptop").Text;

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
