using Holdfast.Server.Access;
using Holdfast.Testing.Machines;

namespace Holdfast.Server.Tests;

/// <summary>WebDAV, with rclone's client and with curl.</summary>
public sealed class DavTests
{
    [Fact]
    public async Task RcloneFillsTheInboxAndCopiesTheLibraryBack()
    {
        Peer.Require("rclone");
        await using var running = await Running.StartAsync();
        var token = running.Token("phone");
        running.File("phone/DCIM/1.jpg", "one");
        running.File("phone/DCIM/2 ünïcode & more.jpg", "two");
        running.File("phone/WhatsApp/again.jpg", "one");

        Rclone(running, token, "inbox", "copy", running["phone"], "dav:");

        running.Files().Values.Order(StringComparer.Ordinal).ShouldBe(["one", "two"]);
        running.Files().Keys.ShouldContain("DCIM/2 ünïcode & more.jpg");
        // What was there under another name is still there for whoever put it there.
        Rclone(running, token, "inbox", "check", "--download", running["phone"], "dav:");
        Directory.CreateDirectory(Path.Combine(running.Place, "sorted"));
        File.Move(Path.Combine(running.Place, running.Files().First(f => f.Value == "one").Key), Path.Combine(running.Place, "sorted/beach.jpg"));
        running.Curl(token, "-X", "POST", $"{running.Address}/sync").Status.ShouldBe(200);
        Rclone(running, token, "inbox", "check", "--download", running["phone"], "dav:");
        Rclone(running, running.Token("reader", Scope.Read), "library", "copy", "dav:", running["back"]);
        // A folder that people emptied is none of the library's files.
        Command.Bash("find \"$1\" -mindepth 1 -type d -empty -not -path '*/.holdfast/*' -delete", running.Place);
        Command.Must("diff", "-r", "-x", ".holdfast", running.Place, running["back"]);
        Rclone(running, running.Token("other"), "inbox", "lsf", "dav:").Text.ShouldBeEmpty();
    }

    [Fact]
    public async Task NothingIsReplacedOrRemovedThroughTheShares()
    {
        await using var running = await Running.StartAsync();
        var token = running.Token("phone", Scope.Full);
        var inbox = $"{running.Address}/dav/inbox";

        Put(running, token, "a.jpg", "").ShouldBe(201);
        Put(running, token, "a.jpg", "one").ShouldBe(204);
        Put(running, token, "a.jpg", "two").ShouldBe(204);
        running.Curl(token, "-X", "DELETE", $"{inbox}/a.jpg").Status.ShouldBe(405);
        running.Curl(token, "-X", "PUT", "-d", "x", $"{running.Address}/dav/library/a.jpg").Status.ShouldBe(405);
        running.Curl(token, "-X", "MKCOL", $"{inbox}/folder/").Status.ShouldBe(201);
        running.Curl(token, "-X", "MKCOL", $"{inbox}/folder/").Status.ShouldBe(405);
        running.Curl(token, "--path-as-is", "-X", "PUT", "-d", "x", $"{inbox}/..%2f..%2fx").Status.ShouldBe(400);

        running.Files().ShouldBe(new Dictionary<string, string> { ["a (2).jpg"] = "two", ["a.jpg"] = "one" });
        running.Curl(token, "-r", "1-", $"{inbox}/a.jpg").ShouldBe((206, "wo"));
        running.Curl(token, "-r", "1-", $"{running.Address}/dav/library/a.jpg").ShouldBe((206, "ne"));
    }

    [Fact]
    public async Task TheTimeThatAProgramSaysIsTheFiles()
    {
        await using var running = await Running.StartAsync();
        var token = running.Token("phone");

        running.Curl(token, "-X", "PUT", "-H", "X-OC-Mtime: 1763690000", "--data-binary", "one", $"{running.Address}/dav/inbox/a.jpg").Status.ShouldBe(201);

        File.GetLastWriteTimeUtc(Path.Combine(running.Place, "a.jpg")).ShouldBe(DateTime.UnixEpoch.AddSeconds(1763690000));
        running.Curl(token, "-X", "PROPFIND", "-H", "Depth: 1", $"{running.Address}/dav/inbox/").Body.ShouldContain("Fri, 21 Nov 2025 01:53:20 GMT");
    }

    private static int Put(Running running, string token, string name, string text) =>
        running.Curl(token, "-X", "PUT", "--data-binary", text, $"{running.Address}/dav/inbox/{name}").Status;

    /// <summary>The token goes to rclone as every password does: hidden in its environment, never in an argument.</summary>
    private static Command Rclone(Running running, string token, string share, params string[] arguments)
    {
        var environment = new Dictionary<string, string?>
        {
            ["RCLONE_CONFIG"] = "/dev/null",
            ["RCLONE_CONFIG_DAV_TYPE"] = "webdav",
            ["RCLONE_CONFIG_DAV_URL"] = $"{running.Address}/dav/{share}/",
            ["RCLONE_CONFIG_DAV_VENDOR"] = "other",
            ["RCLONE_CONFIG_DAV_BEARER_TOKEN"] = token,
        };
        var command = Command.Run("rclone", ["--retries", "1", .. arguments], environment: environment);
        command.ExitCode.ShouldBe(0, command.ErrorText);
        return command;
    }
}
