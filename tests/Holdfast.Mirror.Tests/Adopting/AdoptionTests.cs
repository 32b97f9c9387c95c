using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;
using Holdfast.Mirror.Tests.Model;
using Holdfast.Mirror.Tests.Scenes;
using Holdfast.Testing.Faults;
using Holdfast.Testing.Machines;
using Holdfast.Testing.Restricted;

namespace Holdfast.Mirror.Tests.Adopting;

/// <summary>A plain copy becomes a mirror: every file stays the file it is, and what only the copy had is in its first snapshot.</summary>
public sealed class AdoptionTests : IDisposable
{
    private readonly Scene _scene = new(Files.Memory) { IsAdHoc = false };

    public void Dispose() => _scene.Dispose();

    [Theory]
    [InlineData("rsync -aHAX \"$1/\" \"$2\"", true)]
    [InlineData("rsync -aHAX \"$1/\" \"$2\"", false)]
    [InlineData("cp -a \"$1\" \"$2\"", true)]
    [InlineData("mkdir \"$2\"; rsync -aHAX \"$1/\" \"$2/mirror\"", true)]
    [InlineData("cp -rP --preserve=links \"$1\" \"$2\"", true)]
    public async Task NothingIsCopiedAndTheMirrorIsTheSource(string copy, bool hardLinks)
    {
        if (!hardLinks)
            _scene.On(Restrictions.WithoutHardLinks);
        Fill(links: hardLinks);
        Command.Bash(copy, _scene.Source, _scene.Place);
        var then = Inodes(_scene.Place);

        await AdoptAsync();
        Inodes(_scene.Mirror).ShouldBe(then);
        await _scene.BackupAsync();

        Inodes(_scene.Mirror).ShouldBe(then);
        if (hardLinks)
            _scene.MirrorShouldBeTheSource();
        _scene.Findings().ShouldBeEmpty();
    }

    [Theory, InlineData(true, false), InlineData(false, true)]
    public void ThePlaceOfAnotherLayoutIsNotTakenOver(bool adopt, bool newId)
    {
        _scene.Target.Init(_scene.Request());
        var marker = Path.Combine(_scene.Place, ".holdfast/place.json");
        var others = File.ReadAllText(marker).Replace("\"mirror\"", "\"volumes\"", StringComparison.Ordinal);
        File.WriteAllText(marker, others);

        Should.Throw<HoldfastException>(() => _scene.Target.Init(_scene.Request() with { Client = "other" }, adopt, newId)).Kind.ShouldBe(ErrorKind.NoPlace);

        File.ReadAllText(marker).ShouldBe(others);
    }

    [Fact]
    public async Task WhatOnlyTheCopyHadIsInTheFirstSnapshotAndWhatTheSourceHasIsCopied()
    {
        Fill(links: true);
        Command.Must("cp", "-a", _scene.Source, _scene.Place);
        File.WriteAllText(Path.Combine(_scene.Place, "old"), "was deleted from the source long ago");
        _scene.Write("a", "newer");
        _scene.Write("new", "new");
        // Of the same size, and with another time: only the bytes tell.
        File.WriteAllText(Path.Combine(_scene.Place, "folder/b"), "B");
        var copy = TreeImage.Of(_scene.Place);

        await AdoptAsync();
        await _scene.BackupAsync();

        _scene.MirrorShouldBeTheSource();
        using var snapshots = _scene.Open();
        var first = TreeImage.Of(snapshots, snapshots.Snapshots[0]);
        copy.Differences(first).ShouldBeEmpty();
        first.Has("old").ShouldBeTrue();
    }

    [Fact]
    public async Task WhereverItsProcessDiesTheNextCallGoesOn()
    {
        Fill(links: true);
        var done = false;
        for (var mutation = 1; !done; mutation++)
        {
            if (Directory.Exists(_scene.Place))
                Directory.Delete(_scene.Place, recursive: true);
            Command.Must("cp", "-a", _scene.Source, _scene.Place);
            var then = Inodes(_scene.Place);
            try
            {
                await AdoptAsync(new MirrorTarget(_scene.Place, new FaultPlan().CrashAt(mutation).Open));
                done = true;
            }
            catch (CrashException)
            {
                Inodes(_scene.Place).Values.ShouldBe(then.Values, ignoreOrder: true);
                if (_scene.Target.HoldsPlainCopy())
                {
                    await Should.ThrowAsync<HoldfastException>(() => _scene.BackupAsync());
                    Should.Throw<HoldfastException>(() => _scene.Target.Init(_scene.Request()));
                    await AdoptAsync();
                }
            }
            Inodes(_scene.Mirror).ShouldBe(then, $"mutation {mutation}");
            await _scene.BackupAsync();
            _scene.MirrorShouldBeTheSource($"mutation {mutation}");
            Inodes(_scene.Mirror).ShouldBe(then);
            Directory.Delete(_scene.State, recursive: true);
        }
    }

    [Fact]
    public async Task SomethingElseIsRefusedAndLeftAsItIs()
    {
        Fill(links: false);
        Directory.CreateDirectory(_scene.Place);
        Command.Bash("cd \"$1\"; mkdir letters; touch letters/1 letters/2 letters/3; touch a", _scene.Place);
        var before = TreeImage.Of(_scene.Place);

        var refused = await Should.ThrowAsync<HoldfastException>(() => AdoptAsync());

        refused.Message.ShouldContain("does not look like a copy");
        refused.Message.ShouldContain("of its 4 files 1");
        before.Differences(TreeImage.Of(_scene.Place)).ShouldBeEmpty();
        Should.Throw<HoldfastException>(() => _scene.Target.Init(_scene.Request())).Message.ShouldContain("--adopt");
        Command.Bash("cd \"$1\"; mkdir mirror; mv letters a mirror/", _scene.Place);
        await AdoptAsync();
        using var snapshots = _scene.Open();
        TreeImage.Of(snapshots, snapshots.Snapshots.Single()).Has("letters/3").ShouldBeTrue();
    }

    [Fact]
    public async Task AMirrorThatLostItsMarkerIsTakenOverWithItsHistory()
    {
        Fill(links: false);
        Directory.CreateDirectory(_scene.Place);
        _scene.Target.Init(_scene.Request());
        await _scene.BackupAsync();
        _scene.Write("a", "second");
        await _scene.BackupAsync();
        File.Delete(Path.Combine(_scene.Place, ".holdfast/place.json"));

        await AdoptAsync();

        using var snapshots = _scene.Open();
        snapshots.Snapshots.Count.ShouldBe(2);
        _scene.MirrorShouldBeTheSource();
    }

    private void Fill(bool links)
    {
        _scene.Write("a", "contents of a");
        _scene.Write("folder/b", "b");
        _scene.Write("folder/deeper/c", new string('c', 100_000));
        _scene.Write("empty", "");
        Command.Bash("cd \"$1\"; ln -s a symlink; touch -d 2001-02-03T04:05:06.123456789 folder/b; chmod 640 a; mkdir -m 750 nothing", _scene.Source);
        if (links)
            Files.Link(_scene.InSource("a"), _scene.InSource("folder/linked"));
    }

    private Task<PlaceMarker> AdoptAsync(MirrorTarget? target = null) => (target ?? _scene.Target).AdoptAsync(_scene.Request(), new VerifyCounters(), CancellationToken.None);

    /// <summary>Every file's path below the copy and its inode.</summary>
    private static SortedDictionary<string, string> Inodes(string folder)
    {
        var below = Directory.Exists(Path.Combine(folder, "mirror")) && !Directory.Exists(Path.Combine(folder, ".holdfast")) ? Path.Combine(folder, "mirror") : folder;
        var lines = Command.Must("find", below, "-name", "increments", "-prune", "-o", "-type", "f", "-not", "-path", "*/.holdfast/lock", "-not", "-path", "*/.holdfast/*.tmp", "-not", "-path", "*/trial/*", "-not", "-path", "*/place.json", "-printf", "%P\\t%i\\n").Text;
        return new(lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split('\t')).ToDictionary(l => l[0], l => l[1]), StringComparer.Ordinal);
    }
}
