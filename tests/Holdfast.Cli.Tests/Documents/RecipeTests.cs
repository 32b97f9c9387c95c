using System.Text.Json;
using Holdfast.Cli.Tests.Running;
using Holdfast.Testing.Machines;

namespace Holdfast.Cli.Tests.Documents;

/// <summary>The recipes of the manual: all are configs whose hooks the shell understands; those the machine can run are run.</summary>
public sealed class RecipeTests : IDisposable
{
    private readonly Machine _machine = new();

    public void Dispose() => _machine.Dispose();

    public static TheoryData<string> Names() => [.. Recipes.All.Keys];

    [Theory, MemberData(nameof(Names))]
    public void ARecipeIsARightConfigAndItsHooksAreShell(string name)
    {
        _machine.File("holdfast.yaml", Recipes.All[name]);
        _machine.Run("config", "check").Checked("config check");
        using var shown = JsonDocument.Parse(_machine.Run("config", "show", "--json").Checked("config show").Text);
        var job = shown.RootElement.GetProperty("jobs").EnumerateObject().Single().Value;
        foreach (var hook in new[] { "before", "after", "on_failure" })
            foreach (var line in job.GetProperty(hook).EnumerateArray())
                Command.Must("sh", "-n", "-c", line.GetString()!);
    }

    [Fact]
    public void TheRecipeForBtrfsSavesTheMomentOfItsSnapshot()
    {
        using var data = new LoopMount("btrfs");
        File.WriteAllText(Path.Combine(data.Path, "database"), "consistent");
        var late = Path.Combine(data.Path, "late");
        Write("btrfs", ("mirror:/media/usb/data", "mirror:disk"), ("/data", data.Path), ($"-r {data.Path} {data.Path}/.backup", $"-r {data.Path} {data.Path}/.backup && echo late > {late}"));

        _machine.Run("backup").Checked("backup");
        _machine.Run("ls", "mirror:disk").Text.ShouldBe("database\n");
        Directory.Exists(Path.Combine(data.Path, ".backup")).ShouldBeFalse();

        // What a run that was cut off left behind is no obstacle; an unchanged file is not read again.
        Command.Must("btrfs", "subvolume", "snapshot", "-r", data.Path, Path.Combine(data.Path, ".backup"));
        var second = _machine.Run("backup", "--json").Checked("backup");
        _machine.Run("ls", "mirror:disk").Text.ShouldBe("database\nlate\n");
        BytesRead(second).ShouldBe("late\n".Length);
        _machine.Run("check", "mirror:disk", "--read-data").ExitCode.ShouldBe(0);
    }

    [Fact]
    public void TheRecipeForBtrfsCleansUpAfterARunThatFailed()
    {
        using var data = new LoopMount("btrfs");
        File.WriteAllText(Path.Combine(data.Path, "database"), "consistent");
        Write("btrfs", ("mirror:/media/usb/data", "mirror:disk"), ("/data", data.Path));
        File.Delete(_machine["disk/.holdfast/place.json"]);

        _machine.Run("backup").ExitCode.ShouldNotBe(0);
        Directory.Exists(Path.Combine(data.Path, ".backup")).ShouldBeFalse();
    }

    [Fact]
    public void TheRecipeForSshMountsAndUnmountsARealServer()
    {
        using var server = new SshServer();
        server.File("a.txt", "first");
        server.File("Projects/b.txt", "b");
        var mount = _machine.Folder("mnt");
        Write("sshfs", ("/mnt/server", mount), ("sshfs -o", $"sshfs -F {server.ClientConfig} -o"), ("server:/srv/files", $"server:{server.Files}"), ("mirror:/media/usb/server", "mirror:disk"));

        _machine.Run("backup").Checked("backup");
        File.ReadAllText(_machine["disk/mirror/Projects/b.txt"]).ShouldBe("b");
        Directory.GetFileSystemEntries(mount).ShouldBeEmpty();

        server.File("a.txt", "second");
        BytesRead(_machine.Run("backup", "--json").Checked("backup")).ShouldBe("second".Length);
        _machine.Run("cat", "mirror:disk", "a.txt", "--at", "2").Text.ShouldBe("first");

        server.Stop();
        _machine.Run("backup").ExitCode.ShouldNotBe(0);
        File.ReadAllText(_machine["disk/mirror/a.txt"]).ShouldBe("second");
        _machine.Run("snapshots", "mirror:disk", "--json").Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(2);
    }

    [Fact]
    public void TheRecipeForRcloneMountsAndUnmountsARealSambaServer()
    {
        using var server = new SambaServer();
        server.File("a.txt", "first");
        server.File("Übung/b.txt", "b");
        var mount = _machine.Folder("mnt");
        Write("rclone", ("/mnt/nas", mount), ("rclone mount2", $"rclone --config {server.RcloneConfig} mount2"), ("mirror:/media/usb/nas", "mirror:disk"));

        _machine.Run("backup").Checked("backup");
        File.ReadAllText(_machine["disk/mirror/Übung/b.txt"]).ShouldBe("b");
        Directory.GetFileSystemEntries(mount).ShouldBeEmpty();

        server.File("a.txt", "second");
        BytesRead(_machine.Run("backup", "--json").Checked("backup")).ShouldBe("second".Length);
        _machine.Run("cat", "mirror:disk", "a.txt", "--at", "2").Text.ShouldBe("first");
    }

    private void Write(string recipe, params (string Its, string Ours)[] changes)
    {
        _machine.File("holdfast.yaml", Recipes.With(recipe, changes));
        _machine.Run("init", Machine.JsonLines(_machine.Run("status", "--json").Text)[0].GetProperty("job").GetString()!).Checked("init");
    }

    private static long BytesRead(Command run) =>
        Machine.JsonLines(run.Text).Single(l => l.GetProperty("type").GetString() == "report").GetProperty("source").GetProperty("bytes_read").GetInt64();
}
