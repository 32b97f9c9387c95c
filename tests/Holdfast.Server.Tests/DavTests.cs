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
    public async Task NothingIsReplacedThroughTheShares()
    {
        await using var running = await Running.StartAsync();
        var token = running.Token("phone", Scope.Full);
        var inbox = $"{running.Address}/dav/inbox";

        Put(running, token, "a.jpg", "").ShouldBe(201);
        Put(running, token, "a.jpg", "one").ShouldBe(204);
        Put(running, token, "a.jpg", "two").ShouldBe(204);
        running.Curl(token, "-X", "DELETE", $"{running.Address}/dav/library/a.jpg").Status.ShouldBe(405);
        running.Curl(token, "-X", "MOVE", "-H", "Destination: /dav/library/b.jpg", $"{running.Address}/dav/library/a.jpg").Status.ShouldBe(405);
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

    [Fact]
    public async Task CadaverUploadsRenamesAndTakesBack()
    {
        Peer.Require("cadaver");
        await using var running = await Running.StartAsync(new ServerOptions { ReadsBack = false });
        var token = running.Token("phone");
        File.WriteAllText(running[".netrc"], $"machine 127.0.0.1 login phone password {token}\n");
        running.File("one.jpg", "one");
        running.File("two.jpg", "two");

        var said = Cadaver(running, "inbox", $"mkcol DCIM\ncd DCIM\nput {running["one.jpg"]} .one.tmp\nput {running["two.jpg"]} two.jpg\nmove .one.tmp one.jpg\ndelete two.jpg\nls\nget one.jpg {running["back.jpg"]}\nquit\n");

        running.Files().ShouldBe(new Dictionary<string, string> { ["DCIM/one.jpg"] = "one" });
        File.ReadAllText(running["back.jpg"]).ShouldBe("one");
        said.ShouldContain("one.jpg");
        said.ShouldNotContain("failed");
        Cadaver(running, "library", "cd DCIM\nls\nquit\n").ShouldContain("one.jpg");
    }

    [Fact]
    public async Task TheSharesAreMountedWithDavfs()
    {
        Peer.Require("mount.davfs", "umount");
        Peer.RequireRoot();
        await using var running = await Running.StartAsync(new ServerOptions { ReadsBack = false });
        var token = running.Token("phone");
        running.File("one.jpg", "one");
        Mounted(running, token, "inbox", "mkdir \"$1/DCIM\"; cp \"$2/one.jpg\" \"$1/DCIM/.part\"; mv \"$1/DCIM/.part\" \"$1/DCIM/one.jpg\"; cat \"$1/DCIM/one.jpg\"").ShouldBe("one");

        running.Files().ShouldBe(new Dictionary<string, string> { ["DCIM/one.jpg"] = "one" });
        Mounted(running, token, "library", "cat \"$1/DCIM/one.jpg\"; ! cp \"$2/one.jpg\" \"$1/other.jpg\" 2>/dev/null || ! sync \"$1/other.jpg\"").ShouldBe("one");
        running.Files().Count.ShouldBe(1);
    }

    [Fact]
    public async Task RcloneCopiesWhatAClientUploadedOutOfItsSnapshot()
    {
        Peer.Require("rclone");
        await using var running = await Running.StartAsync();
        var (token, full) = (running.Token("phone"), running.Token("owner", Scope.Full));
        running.File("phone/DCIM/1.jpg", "one");
        running.File("phone/DCIM/100%/2 ünï.jpg", "two");
        running.File("phone/again.jpg", "one");
        await running.BackupAsync("phone", token);

        Rclone(running, full, "snapshots", "lsf", "dav:").Text.ShouldBe("phone/\n");
        Rclone(running, full, "snapshots/phone/latest", "copy", "dav:", running["back"]);
        Command.Must("diff", "-r", running["phone"], running["back"]);
        Rclone(running, full, "snapshots", "copy", "dav:", running["all"]);
        Command.Must("diff", "-r", running["phone"], Directory.GetDirectories(running["all/phone"]).ShouldHaveSingleItem());

        running.Curl(full, "-r", "1-", $"{running.Address}/dav/snapshots/phone/latest/DCIM/1.jpg").ShouldBe((206, "ne"));
        running.Curl(token, $"{running.Address}/dav/snapshots/phone/latest/DCIM/1.jpg").Status.ShouldBe(403);
        foreach (var nothing in new[] { "nobody/latest/DCIM/1.jpg", "phone/000000/DCIM/1.jpg", "phone/latest/DCIM", "phone/latest", "phone", "", "phone/latest/DCIM/1" })
            running.Curl(full, $"{running.Address}/dav/snapshots/{nothing}").Status.ShouldBe(404, nothing);
        foreach (var method in new[] { "PUT", "DELETE", "MKCOL", "MOVE" })
            running.Curl(full, "-X", method, "-d", "x", $"{running.Address}/dav/snapshots/phone/latest/DCIM/1.jpg").Status.ShouldBe(405);
    }

    /// <summary>What cadaver says to commands.</summary>
    private static string Cadaver(Running running, string share, string commands)
    {
        var command = Command.Run("cadaver", [$"{running.Address}/dav/{share}/"], System.Text.Encoding.UTF8.GetBytes(commands), environment: new Dictionary<string, string?> { ["HOME"] = running[""] });
        command.ExitCode.ShouldBe(0, command.ErrorText);
        return command.Text;
    }

    /// <summary>What a script prints that works in a mounted share ($1) and beside it ($2).</summary>
    private static string Mounted(Running running, string token, string share, string script)
    {
        var folder = Directory.CreateDirectory(running["mount-" + share]).FullName;
        File.WriteAllText(running["secrets"], $"{running.Address}/dav/{share}/ phone {token}\n");
        File.SetUnixFileMode(running["secrets"], UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.WriteAllText(running["davfs2.conf"], $"secrets {running["secrets"]}\ncache_dir {running["cache"]}\nuse_locks 1\ndelay_upload 0\nask_auth 0\n");
        // It gives up root's rights and then makes a folder of its own.
        Command.Bash("mkdir -p \"$1/cache\" && chmod 711 \"$1\" && chmod 777 \"$1/cache\"", running[""]);
        Command.Must("mount.davfs", "-o", $"conf={running["davfs2.conf"]},uid=0,gid=0", $"{running.Address}/dav/{share}/", folder);
        try
        {
            return Command.Bash(script, folder, running[""]).Text;
        }
        finally
        {
            // Waits until everything is uploaded.
            Command.Must("umount", folder);
        }
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
