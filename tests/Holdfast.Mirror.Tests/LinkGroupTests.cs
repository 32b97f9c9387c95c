using Holdfast.Mirror.Tests.Scenes;
using Holdfast.Testing.Faults;
using Holdfast.Testing.Machines;
using Holdfast.Testing.Trees;

namespace Holdfast.Mirror.Tests;

/// <summary>The hard links of the mirror are those of the source, whatever becomes of a group.</summary>
public sealed class LinkGroupTests : IDisposable
{
    private readonly Scene _scene = new(Files.Memory);

    public void Dispose() => _scene.Dispose();

    private static readonly Dictionary<string, Action<Func<string, string>>> Changes = new()
    {
        ["nothing"] = _ => { },
        ["the leader is removed"] = at => File.Delete(at("a")),
        ["a member is removed"] = at => File.Delete(at("b")),
        ["all but the last are removed"] = at => Remove(at("a"), at("b")),
        ["all but the last are removed, and that is edited unseen"] = at => { Remove(at("a"), at("b")); Files.EditUnseen(at("c")); },
        ["the group is removed"] = at => Remove(at("a"), at("b"), at("c")),
        ["the leader is renamed behind the others"] = at => File.Move(at("a"), at("z")),
        ["the leader is renamed to the front"] = at => File.Move(at("a"), at("0")),
        ["a member is renamed to the front"] = at => File.Move(at("c"), at("0")),
        ["all are renamed"] = at => { File.Move(at("a"), at("x")); File.Move(at("b"), at("y")); File.Move(at("c"), at("z")); },
        ["a new name in front"] = at => Files.Link(at("b"), at("0")),
        ["a new name behind"] = at => Files.Link(at("b"), at("z")),
        ["a member leaves with the same size and time"] = at => Part(at("b")),
        ["the leader leaves with the same size and time"] = at => Part(at("a")),
        ["two members leave with the same size and time"] = at => { Part(at("b")); Part(at("c")); },
        ["all part"] = at => { Part(at("a")); Part(at("b")); Part(at("c")); },
        ["the leader is replaced by a copy and a member renamed"] = at => { Part(at("a")); File.Move(at("b"), at("e")); },
        ["the leader goes and a member is copied"] = at => { File.Delete(at("a")); Files.Copy(at("b"), at("e")); },
        ["a member joins another group"] = at => { File.Delete(at("b")); Files.Link(at("p"), at("b")); },
        ["the leader joins another group"] = at => { File.Delete(at("a")); Files.Link(at("p"), at("a")); },
        ["two groups merge"] = at => { Remove(at("p"), at("q")); Files.Link(at("a"), at("p")); Files.Link(at("a"), at("q")); },
        ["two groups swap a member"] = at => { Remove(at("b"), at("q")); Files.Link(at("a"), at("q")); Files.Link(at("p"), at("b")); },
        ["two groups swap leaders"] = at => { File.Move(at("a"), at("t")); File.Move(at("p"), at("a")); File.Move(at("t"), at("p")); },
        ["the group is edited in place"] = at => File.AppendAllText(at("b"), "more"),
        ["the group is edited unseen"] = at => Files.EditUnseen(at("b")),
        ["the group is chmodded"] = at => Command.Must("chmod", "0611", at("c")),
        ["the group is touched"] = at => Command.Must("touch", "-d", "@1000000000.5", at("c")),
        ["a single file is linked in front"] = at => Files.Link(at("single"), at("0")),
        ["a single file is linked behind"] = at => Files.Link(at("single"), at("z")),
        ["the group becomes symlinks"] = at => { Remove(at("b"), at("c")); File.CreateSymbolicLink(at("b"), "a"); File.CreateSymbolicLink(at("c"), "a"); },
        ["the leader becomes a folder"] = at => { File.Delete(at("a")); Directory.CreateDirectory(at("a")); Files.Link(at("b"), at("a/inside")); },
        ["a linked symlink parts"] = at => { File.Delete(at("s2")); File.CreateSymbolicLink(at("s2"), "target"); },
        ["a linked symlink's leader goes"] = at => File.Delete(at("s1")),
        ["a linked symlink is renamed"] = at => File.Move(at("s1"), at("s9")),
        ["a linked symlink points elsewhere"] = at => { Remove(at("s1"), at("s2")); File.CreateSymbolicLink(at("s1"), "another"); Command.Must("ln", "-P", at("s1"), at("s2")); },
    };

    public static TheoryData<string> Cases => [.. Changes.Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task TheMirrorsLinksAreTheSources(string change)
    {
        _scene.Write("a", "the group");
        Files.Link(_scene.InSource("a"), _scene.InSource("b"));
        Files.Link(_scene.InSource("a"), _scene.InSource("c"));
        _scene.Write("p", "the other group");
        Files.Link(_scene.InSource("p"), _scene.InSource("q"));
        _scene.Write("single", "on its own");
        File.CreateSymbolicLink(_scene.InSource("s1"), "target");
        Command.Must("ln", "-P", _scene.InSource("s1"), _scene.InSource("s2"));
        await _scene.BackupAsync();
        var before = TreeState.Read(_scene.Source);

        Changes[change](_scene.InSource);
        await _scene.BackupAsync();

        _scene.MirrorShouldBeTheSource(change);
        using (var snapshots = _scene.Open())
            SnapshotState.Differences(snapshots, snapshots.Snapshots[0], before).ShouldBeEmpty($"the first snapshot, {change}");
        (await _scene.BackupAsync()).Targets[0].Snapshot.ShouldBeNull("nothing changed since");
        _scene.MirrorShouldBeTheSource($"nothing after {change}");
    }

    [Theory]
    [InlineData("a")]
    [InlineData("b")]
    [InlineData("c")]
    public async Task ANameOfAGroupThatWasRemovedFromTheMirrorIsLinkedAgain(string name)
    {
        _scene.Write("a", "the group");
        Files.Link(_scene.InSource("a"), _scene.InSource("b"));
        Files.Link(_scene.InSource("a"), _scene.InSource("c"));
        await _scene.BackupAsync();
        File.Delete(_scene.InMirror(name));

        await _scene.BackupAsync();

        _scene.MirrorShouldBeTheSource();
    }

    [Fact]
    public async Task AGroupThatChangesWhileItIsReadIsRecordedAsItWasRead()
    {
        var faults = new FaultPlan();
        _scene.OpenSource = faults.Open;
        _scene.Write("a", "the group");
        Files.Link(_scene.InSource("a"), _scene.InSource("b"));
        faults.OnRead(path => path.ToString() == "a", 1, () => File.AppendAllText(_scene.InSource("a"), " has grown"));

        await _scene.BackupAsync();

        _scene.MirrorShouldBeTheSource();
    }

    private static void Remove(params string[] paths)
    {
        foreach (var path in paths)
            File.Delete(path);
    }

    /// <summary>The name leaves its group and becomes a file of its own, with everything the same but the inode.</summary>
    private static void Part(string path)
    {
        Files.Copy(path, path + ".copy");
        File.Move(path + ".copy", path, overwrite: true);
    }
}
