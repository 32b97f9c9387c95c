using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Sources;
using Holdfast.Core.Sources.Rules;
using Holdfast.Testing.Machines;
using Holdfast.Testing.Trees;
using Holdfast.Volumes.Tar;
using Holdfast.Volumes.Tests.Scenes;

namespace Holdfast.Volumes.Tests.Tar;

/// <summary>Archives of ours read by GNU tar and bsdtar, and theirs by us. Sockets have no place in tar.</summary>
public sealed class TarInteropTests
{
    [Theory, InlineData(1), InlineData(2)]
    public async Task GnuTarRestoresEverythingOfATortureTree(int seed)
    {
        using var scene = new Scene();
        TortureTree.Build(scene.Source, seed: seed);
        await scene.GoodBackupAsync();
        scene.ShouldEqualSource(WithoutSockets(scene, scene.Unpack("tar")));
    }

    [Fact]
    public async Task BsdtarRestoresEverythingOfATortureTree()
    {
        Peer.Require("bsdtar");
        using var scene = new Scene();
        TortureTree.Build(scene.Source);
        await scene.GoodBackupAsync();
        // bsdtar 3.6 does not know GNU tar's %3D in names of attributes, nor fractions of seconds before 1970.
        Rsync.Differences(scene.Source, WithoutSockets(scene, scene.Unpack("bsdtar")))
            .Where(d => !d.Contains("x attributes/", StringComparison.Ordinal) && !d.Contains("before 1970", StringComparison.Ordinal))
            .ShouldBeEmpty();
    }

    [Theory, InlineData("tar", "--format=posix"), InlineData("tar", "--format=posix", "--sparse"), InlineData("bsdtar", "--format=pax"), InlineData("tar", "--format=gnu")]
    public void ArchivesOfOthersAreRead(string tool, params string[] options)
    {
        Peer.Require(tool);
        using var scene = new Scene();
        TortureTree.Build(scene.Source);
        var archive = scene["archive.tar"];
        var isGnuFormat = options.Contains("--format=gnu");
        Command.Run(tool, [.. options, .. isGnuFormat ? (string[])[] : tool == "tar" ? ["--xattrs", "--xattrs-include=*"] : ["--xattrs"], "-cf", archive, "-C", scene.Source, "."]);

        var read = Members(archive);
        foreach (var (path, expected) in Scan(scene.Source))
        {
            if (expected.Type == EntryType.Socket)
                continue;
            var member = read[path];
            member.Entry.Type.ShouldBe(member.HardLinkTo is null ? expected.Type : EntryType.File, path.ToString());
            if (member.HardLinkTo is not null)
                continue;
            member.Entry.Size.ShouldBe(expected.Size, path.ToString());
            // bsdtar takes the group's rights of a file with an ACL from the ACL, not from the mode.
            if (!(tool == "bsdtar" && expected.Attributes.Count > 0))
                member.Entry.Mode.ShouldBe(expected.Mode, path.ToString());
            member.Entry.UserId.ShouldBe(expected.UserId, path.ToString());
            (member.Entry.LinkTarget ?? []).ShouldBe(expected.LinkTarget ?? [], path.ToString());
            member.Entry.Device.ShouldBe(expected.Device, path.ToString());
            if (isGnuFormat)
                continue;
            // bsdtar 3.6 writes fractions of seconds before 1970 wrongly.
            if (tool == "tar" || expected.Modified.Seconds >= 0)
                member.Entry.Modified.ShouldBe(expected.Modified, path.ToString());
            if (tool == "tar")
                User(member.Entry).ShouldBe(User(expected), path.ToString());
        }
    }

    private static string[] User(Entry entry) =>
        [.. entry.Attributes.Items.ToArray().Where(a => a.Name.AsSpan().StartsWith("user."u8)).Select(a => Convert.ToHexString(a.Name) + "=" + Convert.ToHexString(a.Value))];

    private static Dictionary<EntryPath, TarMember> Members(string archive)
    {
        using var stream = File.OpenRead(archive);
        var reader = new TarReader(stream);
        var members = new Dictionary<EntryPath, TarMember>();
        while (reader.Next() is { } member)
            members[member.Entry.Path] = member;
        return members;
    }

    private static Dictionary<EntryPath, Entry> Scan(string folder)
    {
        using var source = new FileTreeSource([folder], LocalFolders.OpenForReading);
        return source.Scan(ScanRules.Everything, new ScanCounters(), DateTimeOffset.UnixEpoch, CancellationToken.None)
            .OfType<FoundEntry>().ToDictionary(f => f.Path, f => source.WithAttributes(f.Entry));
    }

    /// <summary>Makes the sockets' names that tar left out, so that rsync judges the rest.</summary>
    private static string WithoutSockets(Scene scene, string copy)
    {
        Command.Bash("cd \"$1\"; find . -type s -print0 > \"$3\"; tar -C \"$1\" -cf /dev/null . 2>/dev/null; xargs -0 -r rm -f -- < \"$3\"; find . -depth -type d -print0 | while IFS= read -r -d '' d; do touch -h -r \"$d\" \"$d\"; done; cd \"$2\"", scene.Source, copy, scene["sockets"]);
        // Removing a name changed its folder's time in the source: it is taken over from the copy.
        Command.Bash("cd \"$1\"; find . -type d -print0 | while IFS= read -r -d '' d; do touch -r \"$1/$d\" \"$2/$d\"; done", scene.Source, copy);
        return copy;
    }
}
