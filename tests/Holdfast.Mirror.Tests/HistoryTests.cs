using Holdfast.Core.Engine;
using Holdfast.Mirror.Tests.Scenes;
using Holdfast.Testing.Machines;
using Holdfast.Testing.Trees;

namespace Holdfast.Mirror.Tests;

/// <summary>Whatever is done to a file in the source, the older snapshots still give their own bytes and metadata.</summary>
public sealed class HistoryTests : IDisposable
{
    // $1 is the source. The file has 5000 bytes; edits in place keep its inode.
    private static readonly Dictionary<string, string> Changes = new()
    {
        ["edited in place, same size"] = """printf EDITED | dd of="$1/folder/file" conv=notrunc bs=1 seek=100 status=none""",
        ["edited in place, same size and time"] = """touch -r "$1/folder/file" "$1/../then"; printf EDITED | dd of="$1/folder/file" conv=notrunc status=none; touch -r "$1/../then" "$1/folder/file" """,
        ["added to"] = """echo more >> "$1/folder/file" """,
        ["cut off"] = """truncate -s 1000 "$1/folder/file" """,
        ["emptied"] = """: > "$1/folder/file" """,
        ["grown by a hole"] = """truncate -s 1M "$1/folder/file" """,
        ["chmodded"] = """chmod 4711 "$1/folder/file" """,
        ["chowned"] = """chown 1234:2345 "$1/folder/file" """,
        ["touched"] = """touch -d '1999-12-31 23:59:59.123456789' "$1/folder/file" """,
        ["given an attribute"] = """setfattr -n user.note -v changed "$1/folder/file" """,
        ["given an ACL"] = """setfacl -m u:77:rw "$1/folder/file" """,
        ["replaced by a rename"] = """echo other > "$1/folder/.new"; mv "$1/folder/.new" "$1/folder/file" """,
        ["replaced by a file with the same size and time"] = """head -c 5000 /dev/zero > "$1/new"; touch -r "$1/folder/file" "$1/new"; mv "$1/new" "$1/folder/file" """,
        ["deleted"] = """rm "$1/folder/file" """,
        ["deleted with its folder"] = """rm -r "$1/folder" """,
        ["renamed"] = """mv "$1/folder/file" "$1/elsewhere" """,
        ["renamed with its folder"] = """mv "$1/folder" "$1/other folder" """,
        ["renamed and another put in its place"] = """mv "$1/folder/file" "$1/folder/file.1"; echo new > "$1/folder/file" """,
        ["renamed, then edited"] = """mv "$1/folder/file" "$1/elsewhere"; echo more >> "$1/elsewhere" """,
        ["made a folder"] = """rm "$1/folder/file"; mkdir "$1/folder/file"; echo inside > "$1/folder/file/inside" """,
        ["made a symlink"] = """rm "$1/folder/file"; ln -s ../other "$1/folder/file" """,
        ["linked"] = """ln "$1/folder/file" "$1/further" """,
        ["swapped with another"] = """mv "$1/folder/file" "$1/t"; mv "$1/other" "$1/folder/file"; mv "$1/t" "$1/other" """,
    };

    private readonly Scene _scene = new(Files.Memory);

    public static TheoryData<string> Cases => [.. Changes.Keys];

    public void Dispose() => _scene.Dispose();

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task OlderSnapshotsGiveTheirOwnBytesAndMetadataWhenAFileIs(string change)
    {
        Peer.Require("rsync", "python3", "setfattr", "setfacl");
        Peer.RequireRoot();
        Build();
        var then = new List<TreeState> { await SnapshotAsync() };

        Command.Bash(Changes[change], _scene.Source);
        then.Add(await SnapshotAsync());
        TreeState.Differences(then[0], then[1]).ShouldNotBeEmpty("the change changes something");
        ShouldGive(then, change);

        // And again, on top of what the first time left.
        Command.Bash("""rm -rf "$1"/*""", _scene.Source);
        Build();
        then.Add(await SnapshotAsync());
        ShouldGive(then, change + ", then put back");
    }

    [Fact]
    public async Task EveryOneOfManyEditsOfOneFileIsKept()
    {
        var then = new List<TreeState>();
        for (var i = 0; i < 12; i++)
        {
            Command.Bash(i % 3 == 2 ? """chmod "60$(($2 / 3))" "$1/file" """ : """printf "edit %s" "$2" > "$1/file" """, _scene.Source, i.ToString(System.Globalization.CultureInfo.InvariantCulture));
            then.Add(await SnapshotAsync());
        }
        ShouldGive(then, "in the end");
        _scene.MirrorShouldBeTheSource();
    }

    private void Build() => Command.Bash(
        """
        mkdir "$1/folder"
        yes 'some contents' | head -c 5000 > "$1/folder/file"
        chmod 640 "$1/folder/file"
        setfattr -n user.note -v hello "$1/folder/file"
        touch -d '2020-02-03 04:05:06.789012345' "$1/folder/file"
        echo 'other contents' > "$1/other"
        echo 'it stays' > "$1/stays"
        """,
        _scene.Source);

    private async Task<TreeState> SnapshotAsync()
    {
        var report = await _scene.BackupAsync(new BackupOptions { AllowDeletions = true });
        report.Targets[0].Snapshot.ShouldNotBeNull();
        return TreeState.Read(_scene.Source);
    }

    private void ShouldGive(List<TreeState> then, string after)
    {
        using var snapshots = _scene.Open();
        snapshots.Snapshots.Count.ShouldBe(then.Count);
        for (var i = 0; i < then.Count; i++)
            SnapshotState.Differences(snapshots, snapshots.Snapshots[i], then[i]).ShouldBeEmpty($"snapshot {i + 1}, {after}");
        _scene.Findings().ShouldBeEmpty(after);
    }
}
