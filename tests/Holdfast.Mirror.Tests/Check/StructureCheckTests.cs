using Holdfast.Mirror.Tests.Scenes;
using Holdfast.Testing.Machines;

namespace Holdfast.Mirror.Tests.Check;

/// <summary>What somebody, or a bad disk, did to mirror/ behind the record is named, and the next backup puts it right.</summary>
public sealed class StructureCheckTests : IDisposable
{
    private readonly Scene _scene = new(Files.Memory);

    public void Dispose() => _scene.Dispose();

    [Theory]
    [InlineData("ln -sfn b link", "mirror/link: it points to 'b', not to 'a'")]
    [InlineData("ln -sfn b link; touch -h -r ../../source/link link", "mirror/link: it points to 'b', not to 'a'")]
    [InlineData("ln -sfn longer link", "mirror/link: it points to 'longer', not to 'a'")]
    [InlineData("chmod 604 a", "mirror/a: its permissions are 0604, not 0640")]
    [InlineData("chmod 777 folder", "mirror/folder: its permissions are 0777, not 0750")]
    [InlineData("chmod u+s a", "mirror/a: its permissions are 4640, not 0640")]
    [InlineData("rm pipe; mkfifo -m 600 pipe; touch -r ../../source/pipe pipe", "mirror/pipe: its permissions are 0600, not 0644")]
    [InlineData("touch -d @1000000000 folder", "mirror/folder: its time is 1000000000.000000000, not 1700000000.000000000")]
    [InlineData("rm folder/b", "mirror/folder/b: it is missing")]
    [InlineData("touch folder/foreign", "mirror/folder/foreign: it did not come from the source")]
    [InlineData("rm pipe; touch pipe", "mirror/pipe: it is a file, not a fifo")]
    public async Task IsNamedOnceAndPutRightByTheNextBackup(string damage, string finding)
    {
        Fill();
        await _scene.BackupAsync();
        _scene.Findings().ShouldBeEmpty();

        Damaged(damage);

        _scene.Findings().ShouldHaveSingleItem().ShouldBe($"{_scene.Place}/{finding}");
        await _scene.BackupAsync();
        _scene.MirrorShouldBeTheSource();
    }

    [Theory]
    [InlineData("chown 12:34 a", "mirror/a: it belongs to 12:34, not to 0:0")]
    [InlineData("chown 0:34 folder", "mirror/folder: it belongs to 0:34, not to 0:0")]
    [InlineData("chown -h 12:0 link", "mirror/link: it belongs to 12:0, not to 0:0")]
    public async Task AnOwnerThatIsAnotherIsNamedWhereTheMirrorKeepsOwners(string damage, string finding)
    {
        Peer.RequireRoot();
        Fill();
        await _scene.BackupAsync();

        Damaged(damage);

        _scene.Findings().ShouldHaveSingleItem().ShouldBe($"{_scene.Place}/{finding}");
        await _scene.BackupAsync();
        _scene.MirrorShouldBeTheSource();
    }

    [Fact]
    public async Task ADeviceFileWithAnotherNumberIsNamed()
    {
        // Only root makes devices; whoever runs this as somebody else sees that there is none.
        Fill();
        if (Command.IsRoot)
            Command.Must("mknod", "-m", "600", _scene.InSource("null"), "c", "1", "3");
        await _scene.BackupAsync();
        if (Command.IsRoot)
            Damaged("rm null; mknod -m 600 null c 1 5; touch -r ../../source/null null");

        _scene.Findings().ShouldBe(Command.IsRoot ? [$"{_scene.Mirror}/null: it is the device 1:5, not 1:3"] : []);
        await _scene.BackupAsync();
        _scene.MirrorShouldBeTheSource();
    }

    private void Fill()
    {
        _scene.Write("a", "a");
        _scene.Write("folder/b", "b");
        Command.Bash("cd \"$1\"; ln -s a link; mkfifo -m 644 pipe; chmod 640 a; chmod 750 folder; touch -d @1700000000 folder", _scene.Source);
    }

    /// <summary>The folder keeps its time: it is not what is looked for.</summary>
    private void Damaged(string script) => Command.Bash($"cd \"$1\"; {script}; touch -r ../../source .", _scene.Mirror);
}
