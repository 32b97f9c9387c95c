using Holdfast.Testing.Machines;

namespace Holdfast.Cli.Tests.Packaging;

/// <summary>The stick carried around, from the real publish to a restore where there is no .NET.</summary>
public sealed class PackageTests(Package package) : IClassFixture<Package>, IDisposable
{
    private readonly BareMachine _machine = new();

    public void Dispose() => _machine.Dispose();

    [Fact]
    public void WithoutDotnetItBacksUpAndRestoresWhereverTheDiskIsMounted()
    {
        package.Made.Text.ShouldContain("./holdfast init documents");
        var run = _machine.Run("""
            cp -r "$1" here; cd here
            ./holdfast init documents
            ./holdfast backup
            cd ..; mv here there; cd there
            echo two > "$HOME/Documents/Projects/plan.txt"
            ./holdfast backup documents
            ./holdfast restore documents --at 2 --to ../back
            ./holdfast check documents --read-data
            test -f state/catalog.db
            ! test -e "$HOME/.local"
            """, package.Folder);

        run.ExitCode.ShouldBe(0, run.Text + run.ErrorText);
        File.ReadAllText(_machine["back/Projects/plan.txt"]).ShouldBe("one\n");
        File.ReadAllText(_machine["there/backup/mirror/Projects/plan.txt"]).ShouldBe("two\n");
        File.ReadAllText(_machine["there/backup/mirror/todo.txt"]).ShouldBe("buy milk\n");
    }

    [Fact]
    public void FromADiskMountedNoexecItRunsThroughATemporaryCopyAndLeavesNone()
    {
        var run = _machine.Run("""
            mkdir stick temporary; mount -t tmpfs none stick; cp -r "$1"/. stick; mount -o remount,noexec stick; cd stick
            if ./holdfast --version 2>../refused || ./holdfast-linux-x64 --version 2>>../refused; then exit 98; fi
            export TMPDIR="$PWD/../temporary"
            sh holdfast init documents
            cd /; sh "$TMPDIR/../stick/holdfast" backup
            sh "$TMPDIR/../stick/holdfast" restore documents --to "$TMPDIR/../back"
            sh "$TMPDIR/../stick/holdfast" cat documents nothing && exit 97 || test $? = 1
            test -z "$(ls -A "$TMPDIR")"
            cp -r "$TMPDIR/../stick/backup" "$TMPDIR/../kept"
            """, package.Folder);

        run.ExitCode.ShouldBe(0, run.Text + run.ErrorText);
        File.ReadAllText(_machine["refused"]).ShouldContain("Permission denied");
        File.ReadAllText(_machine["back/todo.txt"]).ShouldBe("buy milk\n");
        File.Exists(_machine["kept/mirror/todo.txt"]).ShouldBeTrue();
    }

    [Fact]
    public void WhereTheHomeFolderTakesNothingAndTheFirstTemporaryFolderIsNoexecTooAnotherOneDoes()
    {
        var run = _machine.Run("""
            mkdir noexec; mount -t tmpfs -o noexec none noexec; cp -r "$1" here
            HOME=/proc TMPDIR="$PWD/noexec" here/holdfast backup "$HOME/Documents" --to mirror:disk --state state
            test -z "$(ls -A noexec)"
            """, package.Folder);

        run.ExitCode.ShouldBe(0, run.Text + run.ErrorText);
        File.Exists(_machine["disk/mirror/todo.txt"]).ShouldBeTrue();
    }

    [Fact]
    public void APackageMakesAnotherWithoutDotnetAndKeepsItsConfig()
    {
        _machine.File("other/holdfast.yaml", "client: mine\njobs: {}\n");
        var run = _machine.Run("""
            "$1/holdfast" package other
            other/holdfast --version
            cmp "$1/holdfast-linux-x64" other/holdfast-linux-x64
            if "$1/holdfast" package nowhere/stick; then exit 98; fi
            ls -A other
            """, package.Folder);

        run.ExitCode.ShouldBe(0, run.Text + run.ErrorText);
        run.Text.ShouldContain("stayed as it was");
        run.ErrorText.ShouldContain("Is the disk mounted?");
        File.ReadAllText(_machine["other/holdfast.yaml"]).ShouldBe("client: mine\njobs: {}\n");
        run.Text.ShouldEndWith("README.txt\nholdfast\nholdfast-linux-x64\nholdfast.yaml\n");
    }

    [Fact]
    public void ADiskWithoutRoomIsLeftAsItWas()
    {
        var run = _machine.Run("""
            mkdir stick; mount -t tmpfs -o size=20m none stick; echo mine > stick/mine
            if "$1/holdfast" package stick; then exit 98; fi
            ls -A stick
            """, package.Folder);

        run.ExitCode.ShouldBe(0, run.Text + run.ErrorText);
        run.ErrorText.ShouldContain("150 MB");
        run.Text.ShouldBe("mine\n");
    }
}
