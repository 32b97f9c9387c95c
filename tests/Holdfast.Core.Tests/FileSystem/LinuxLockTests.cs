using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Testing.Machines;

namespace Holdfast.Core.Tests.FileSystem;

public sealed partial class LinuxLockTests : IDisposable
{
    private static readonly EntryPath Lock = EntryPath.From("lock");

    private readonly TemporaryFolder _temporary = new();
    private readonly IFolder _folder;

    public LinuxLockTests() => _folder = LocalFolders.Open(_temporary.Path);

    public void Dispose()
    {
        _folder.Dispose();
        _temporary.Dispose();
    }

    [Fact]
    public void ALockIsTakenOnceAndNamesItsHolder()
    {
        using (var first = _folder.TryLock(Lock, "the first"))
        {
            first.ShouldNotBeNull();
            _folder.TryLock(Lock, "the second").ShouldBeNull();
            Command.Must("cat", _temporary["lock"]).Text.ShouldBe("the first\n");
            // flock(1) is another process with another way to ask.
            Command.Run("flock", ["--nonblock", _temporary["lock"], "true"]).ExitCode.ShouldBe(1);
        }
        using var again = _folder.TryLock(Lock, "x");
        again.ShouldNotBeNull();
        Command.Must("cat", _temporary["lock"]).Text.ShouldBe("x\n");
    }

    [Fact]
    public void ALockOfAnotherProcessIsFreeWhenThatIsKilled()
    {
        Peer.Require("flock");
        using var other = Hold();
        _folder.TryLock(Lock, "me").ShouldBeNull();

        other.Kill(); // SIGKILL
        other.WaitForExit();

        using var mine = _folder.TryLock(Lock, "me");
        mine.ShouldNotBeNull();
    }

    [Fact]
    public void AChildProcessDoesNotKeepTheLock()
    {
        using var held = _folder.TryLock(Lock, "me");
        using var child = Command.Start("cat", []);
        held!.Dispose();

        using var again = _folder.TryLock(Lock, "me again");
        child.Kill();
        child.WaitForExit();

        again.ShouldNotBeNull();
    }

    [Fact]
    public void AFreedLockIsFreeEvenWhileAChildProcessIsBeingStarted()
    {
        using var held = _folder.TryLock(Lock, "me");
        // What fork does between itself and exec: the descriptor exists twice.
        var descriptor = Directory.GetFileSystemEntries("/proc/self/fd").Single(fd => new FileInfo(fd).LinkTarget == _temporary["lock"]);
        var copy = dup(int.Parse(Path.GetFileName(descriptor), CultureInfo.InvariantCulture));
        copy.ShouldBeGreaterThan(0);
        held!.Dispose();

        using var again = _folder.TryLock(Lock, "me again");
        close(copy).ShouldBe(0);

        again.ShouldNotBeNull();
    }

    [LibraryImport("libc")]
    private static partial int dup(int descriptor);

    [LibraryImport("libc")]
    private static partial int close(int descriptor);

    private Process Hold()
    {
        // exec: the process that is killed must be the one that holds the lock.
        var process = Command.Start("bash", ["-c", "exec 9>>\"$1\"; flock 9; echo held; exec cat", "bash", _temporary["lock"]]);
        process.StandardOutput.ReadLine().ShouldBe("held");
        return process;
    }
}
