using Holdfast.Testing.Machines;
using Holdfast.Testing.Trees;

namespace Holdfast.Core.Tests.Trees;

public sealed class TortureTreeTests : IDisposable
{
    private readonly TemporaryFolder _temporary = new TemporaryFolder().OpenToAll();

    public void Dispose() => _temporary.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void OneSeedGivesOneTreeAndOneWayToChangeIt(bool asRoot)
    {
        var seed = RandomSeed.Next();
        TortureTree.Build(_temporary["a"], asRoot, seed);
        TortureTree.Build(_temporary["b"], asRoot, seed);
        TreeState.Differences(TreeState.Read(_temporary["a"]), TreeState.Read(_temporary["b"])).ShouldBeEmpty();
        var before = TreeState.Read(_temporary["a"]);
        for (var round = 0; round < 3; round++)
        {
            TortureTree.Mutate(_temporary["a"], new Random(unchecked(seed + round)), asRoot);
            TortureTree.Mutate(_temporary["b"], new Random(unchecked(seed + round)), asRoot);
        }
        var after = TreeState.Read(_temporary["a"]);
        // What a change made without setting a time has the time of the change.
        TreeState.Differences(after, TreeState.Read(_temporary["b"]), "mtime").ShouldBeEmpty();
        TreeState.Differences(before, after).Count.ShouldBeGreaterThan(50);
    }

    [Fact]
    public void TheTreeHoldsWhatItPromises()
    {
        TortureTree.Build(_temporary["tree"], asRoot: true, wide: 5000);

        var entries = TreeState.Read(_temporary["tree"]).Entries;

        entries.Count.ShouldBeGreaterThan(5300);
        string[] types = Command.IsRoot ? ["file", "folder", "symlink", "fifo", "socket", "char", "block"] : ["file", "folder", "symlink", "fifo", "socket"];
        entries.Values.Select(e => e["type"]).Distinct().ShouldBe(types, ignoreOrder: true);
        entries.Keys.ShouldContain(k => k.Count(c => c == '/') >= 200);
        entries.Keys.ShouldContain(k => k.Contains("\\xff\\xfe"));
        entries.Keys.ShouldContain(k => k.Contains("newline\\x0a"));
        entries.Values.ShouldContain(e => e["mtime"].StartsWith('-'));
        entries.Values.ShouldContain(e => e.ContainsKey("xattr system.posix_acl_default"));
        entries.Values.ShouldContain(e => e.ContainsKey("linked"));
        var sparse = Command.Must("stat", "-c", "%s %b", Path.Combine(_temporary["tree"], "sparse/hole in the middle")).Text.Split(' ');
        (int.Parse(sparse[1]) * 512L).ShouldBeLessThan(long.Parse(sparse[0]) / 10);
    }

    [Fact]
    public void BothJudgesSeeEveryKindOfDifference()
    {
        TortureTree.Build(_temporary["a"]);
        Command.Must("cp", "-a", _temporary["a"], _temporary["b"]);
        Rsync.Differences(_temporary["a"], _temporary["b"]).ShouldBeEmpty();
        foreach (var (change, field) in new[]
        {
            ("printf X | dd of='contents/size 4096' conv=notrunc status=none; touch -r '../a/contents/size 4096' 'contents/size 4096'", "sha256"),
            ("touch -d @1500000000.000000002 'times/one nanosecond'", "mtime"),
            ("chmod 601 'modes/file 600'; touch -r '../a/modes/file 600' 'modes/file 600'", "mode"),
            ("setfattr -n user.text -v other attributes/file", "xattr user.text"),
            ("setfacl -m u:1:r acls/file", "xattr system.posix_acl_access"),
            ("setfacl -d -m u:1:rw 'acls/default only'", "xattr system.posix_acl_default"),
            ("rm 'links/b/c/link 2-1'; cp -p 'links/b/first 2' 'links/b/c/link 2-1'", "linked"),
            ("ln -sfn other 'symlinks/dangling'", "target"),
            ("rm 'contents/empty file'", "is missing"),
            ("touch new", "should not be there"),
        })
        {
            Command.Bash("chmod -R u+rwx \"$2\"; rm -rf \"$2\"; cp -a \"$1\" \"$2\"; cd \"$2\"; " + change, _temporary["a"], _temporary["b"]);

            TreeState.Differences(TreeState.Read(_temporary["a"]), TreeState.Read(_temporary["b"])).ShouldContain(line => line.Contains(field), change);
            Rsync.Differences(_temporary["a"], _temporary["b"]).ShouldNotBeEmpty(change);
        }
    }
}
