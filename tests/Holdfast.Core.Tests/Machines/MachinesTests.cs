using System.Diagnostics;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Testing.Machines;

namespace Holdfast.Core.Tests.Machines;

public sealed class MachinesTests
{
    [Fact]
    public void BytesGoInAndComeOutUnchanged()
    {
        var bytes = new byte[300_000];
        Random.Shared.NextBytes(bytes);

        Command.Run("cat", [], bytes).Output.AsSpan().SequenceEqual(bytes).ShouldBeTrue();
    }

    [Fact]
    public void AProgramThatDoesNotEndIsKilled()
    {
        var before = Stopwatch.StartNew();

        Should.Throw<TimeoutException>(() => Command.Run("bash", ["-c", "while :; do read -t 60 < <(tail -f /dev/null); done"], timeout: TimeSpan.FromMilliseconds(200)));

        before.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void AProgramThatFailsSaysWhy()
    {
        var error = Should.Throw<InvalidOperationException>(() => Command.Must("ls", "no such file"));

        error.Message.ShouldContain("No such file or directory");
    }

    [Fact]
    public void AnOrdinaryUserIsNotRoot() => Command.RunAsOrdinaryUser("id", ["-u"]).Text.Trim().ShouldNotBe("0");

    [Fact]
    public void AMissingPeerSkipsTheTestAndFailsItInCi()
    {
        var isCi = string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase);
        Exception? thrown = null;
        try
        {
            Peer.Require("bash", "no-such-program-anywhere");
        }
        catch (Exception e)
        {
            thrown = e;
        }

        thrown.ShouldNotBeNull().GetType().Name.ShouldBe(isCi ? "FailException" : "SkipException");
        thrown.Message.ShouldContain("no-such-program-anywhere");
    }

    [Fact]
    public void ATemporaryFolderGoesWithWhateverIsInIt()
    {
        string path;
        using (var temporary = new TemporaryFolder())
        {
            path = temporary.Path;
            using var folder = LocalFolders.Open(path);
            folder.CreateFile(EntryPath.From([0xff, (byte)'\n']), 0).Dispose();
            folder.CreateFolder(EntryPath.From("closed"), 0x1c0);
            folder.CreateFile(EntryPath.From("closed/file"), 0).Dispose();
            folder.SetMode(EntryPath.From("closed"), 0);
        }

        Directory.Exists(path).ShouldBeFalse();
    }

    [Theory]
    [InlineData("ext4")]
    [InlineData("xfs")]
    [InlineData("btrfs")]
    public void ADiskCanBeTakenAwayAndPutBack(string fileSystem)
    {
        string path;
        using (var disk = new LoopMount(fileSystem))
        {
            path = disk.Path;
            using (var folder = LocalFolders.Open(path))
                folder.Traits.Name.ShouldBe(fileSystem);
            File.WriteAllText(Path.Combine(path, "file"), "text");
            disk.Unmount();
            File.Exists(Path.Combine(path, "file")).ShouldBeFalse();
            disk.Mount("ro");
            File.ReadAllText(Path.Combine(path, "file")).ShouldBe("text");
            using var readOnly = LocalFolders.Open(path);
            Should.Throw<FileSystemException>(() => readOnly.CreateFile(EntryPath.From("new"), 0x1a4)).Error.ShouldBe(Errno.ReadOnlyFileSystem);
        }
        Directory.Exists(path).ShouldBeFalse();
        Command.Must("losetup", "--list").Text.ShouldNotContain(Path.GetDirectoryName(path)!);
    }
}
