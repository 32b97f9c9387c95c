using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;
using Holdfast.Library.Reading;
using Holdfast.Library.Replicating;
using Holdfast.Library.Scanning;
using Holdfast.Library.Syncing;
using Holdfast.Library.Tests.Scenes;
using Holdfast.Testing.Folders;
using Holdfast.Testing.Machines;

namespace Holdfast.Library.Tests.Scanning;

/// <summary>Promise 5 for a library: what lies on a nested mount that is gone is unknown.</summary>
public sealed class NestedMountTests : IDisposable
{
    private static readonly ScanOptions All = new() { Rest = TimeSpan.Zero, AllowDeletions = true };

    private readonly Scene _scene = new();
    private bool _isMounted = true;

    public NestedMountTests() =>
        _scene.OpenPlace = path => new MountedFolder(LocalFolders.Open(path), EntryPath.Root, part => _isMounted && part == EntryPath.From("photos"));

    public void Dispose() => _scene.Dispose();

    [Fact]
    public async Task WhatLiesOnADiskThatIsNotMountedIsUnknownAndNobodyDecidedToDeleteIt()
    {
        await LibraryAsync(remembers: true);
        Unplug();

        var (report, found) = await _scene.ScanAsync();

        found.ShouldBe(["Removed plain.jpg"]);
        var (path, reason) = report.Unreadable.ShouldHaveSingleItem();
        path.ToString().ShouldBe("photos");
        reason.ShouldContain("2 files");
        reason.ShouldContain("--allow-deletions");
        await using (var library = await _scene.OpenAsync())
        {
            library.Deleted().Select(d => d.Path.ToString()).ShouldBe(["plain.jpg"]);
            // Nobody is told that such a file is here.
            (await library.AskAsync([ContentOf("one")], CancellationToken.None))[0].Kind.ShouldBe(PresenceKind.Missing);
            library.FileAt(EntryPath.From("photos/1.jpg")).ShouldBeNull();
            (await library.OpenAsync(ContentOf("one"), CancellationToken.None)).ShouldBeNull();
        }
        using (var snapshots = (LibrarySnapshots)_scene.Target.OpenSnapshots())
            snapshots.CopiesOf(new HashSet<ContentId> { ContentOf("one"), ContentOf("stays") }, CancellationToken.None).Select(c => c.Entry.Entry.Path.ToString()).ShouldBe(["stays.jpg"]);

        PlugIn();
        var (again, nothing) = await _scene.ScanAsync();
        (again.Unreadable.Count, again.BytesHashed, nothing.Count).ShouldBe((0, 0, 0));
    }

    [Fact]
    public async Task WhatComesForAnotherDiskIsKeptBesideIt()
    {
        _scene.Write("plain.jpg", "plain");
        await _scene.UploadAsync();
        Directory.CreateDirectory(_scene.InLibrary("photos"));
        _scene.Write("photos/2/a.jpg", "one");

        await _scene.UploadAsync();

        File.ReadAllText(_scene.InLibrary("photos (2)/2/a.jpg")).ShouldBe("one");
    }

    [Fact]
    public async Task OnlyWhoSaysSoTakesThemOut()
    {
        await LibraryAsync(remembers: false);
        Unplug();
        await _scene.ScanAsync();

        (await _scene.ScanAsync(All)).Found.ShouldBe(["Removed photos/1.jpg", "Removed photos/2/2.jpg"]);
        (await _scene.ScanAsync()).Report.Unreadable.ShouldBeEmpty();
    }

    [Fact]
    public async Task WhatADiskIsMountedOverIsUnknownToo()
    {
        _isMounted = false;
        await LibraryAsync(remembers: true);
        Directory.Move(_scene.InLibrary("photos"), _scene["hidden"]);
        Directory.CreateDirectory(_scene.InLibrary("photos"));
        _isMounted = true;

        var (report, found) = await _scene.ScanAsync();

        found.ShouldBe(["Removed plain.jpg"]);
        report.Unreadable.ShouldHaveSingleItem().Reason.ShouldContain("mounted over");
    }

    [Fact]
    public async Task AFileThatIsRemovedFromAMountedDiskIsRemoved()
    {
        await LibraryAsync(remembers: true);
        File.Delete(_scene.InLibrary("photos/1.jpg"));

        (await _scene.ScanAsync()).Found.ShouldBe(["Removed photos/1.jpg", "Removed plain.jpg"]);
    }

    [Fact]
    public async Task WhatMovedWithinTheDiskIsStillOnIt()
    {
        await LibraryAsync(remembers: true);
        await using (var library = await _scene.OpenAsync())
            await library.MoveAsync(EntryPath.From("photos/1.jpg"), EntryPath.From("photos/moved.jpg"), CancellationToken.None);
        Unplug();

        (await _scene.ScanAsync()).Found.ShouldBe(["Removed plain.jpg"]);
    }

    [Fact]
    public async Task ACopyOfAFileThatIsNotToBeSeenIsNoRename()
    {
        await LibraryAsync(remembers: false);
        Unplug();
        File.WriteAllText(_scene.InLibrary("copy.jpg"), "one");

        (await _scene.ScanAsync()).Found.ShouldBe(["Duplicate copy.jpg photos/1.jpg", "Removed plain.jpg"]);
    }

    [Fact]
    public async Task ASecondCopyOnADiskThatIsAwayKeepsAContentFromBeingDeletedForGood()
    {
        await LibraryAsync(remembers: true);
        File.WriteAllText(_scene.InLibrary("copy.jpg"), "one");
        await _scene.ScanAsync();
        Unplug();

        await using var library = await _scene.OpenAsync();
        await library.RemoveAsync(EntryPath.From("copy.jpg"), expected: null, forGood: true, CancellationToken.None);

        library.Deleted().Select(d => d.Path.ToString()).ShouldBe(["plain.jpg"]);
    }

    [Fact]
    public async Task AnIndexThatKnewOfNoMountsLearnsOfThem()
    {
        await LibraryAsync(remembers: true);
        await using (await _scene.OpenAsync())
        {
        }
        // As an earlier version left it.
        using (var database = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={_scene.InLibrary(".holdfast/library.db")};Pooling=False"))
        {
            database.Open();
            using var command = database.CreateCommand();
            command.CommandText = "ALTER TABLE files DROP COLUMN mount";
            command.ExecuteNonQuery();
        }
        (await _scene.ScanAsync()).Report.BytesHashed.ShouldBe(0);
        Unplug();

        (await _scene.ScanAsync()).Report.Unreadable.Count.ShouldBe(1);
    }

    [Fact]
    public async Task ARealDiskThatIsUnmountedTakesNothingWithIt()
    {
        Peer.RequireRoot();
        _scene.OpenPlace = LocalFolders.Open;
        _isMounted = false;
        _scene.Write("a.jpg", "one");
        await _scene.UploadAsync();
        var at = Directory.CreateDirectory(_scene.InLibrary("photos")).FullName;
        Command.Must("mount", "-t", "tmpfs", "none", at);
        try
        {
            Directory.CreateDirectory(Path.Combine(at, "2026"));
            File.WriteAllText(Path.Combine(at, "2026/b.jpg"), "two");
            await using (var library = await _scene.OpenAsync())
                library.SetRemembersDeleted(true);
            (await _scene.ScanAsync()).Found.ShouldBe(["New photos/2026/b.jpg"]);
            _scene.Write("photos/c.jpg", "three");
            await _scene.UploadAsync();
            File.ReadAllText(_scene.InLibrary("photos (2)/c.jpg")).ShouldBe("three");
            await using (var library = await _scene.OpenAsync())
                (await Should.ThrowAsync<HoldfastException>(() => library.MoveAsync(EntryPath.From("a.jpg"), EntryPath.From("photos/a.jpg"), CancellationToken.None))).Message.ShouldContain("another disk is mounted there");
        }
        finally
        {
            Command.Must("umount", at);
        }

        (await _scene.ScanAsync()).Report.Unreadable.ShouldHaveSingleItem().Path.ToString().ShouldBe("photos");
        Directory.Delete(at);
        (await _scene.ScanAsync()).Report.Unreadable.ShouldHaveSingleItem().Path.ToString().ShouldBe("photos");
        await using var after = await _scene.OpenAsync();
        after.Deleted().ShouldBeEmpty();
        (await ((ISyncedLibrary)after).PageAsync(null, CancellationToken.None)).Entries.Select(e => (e.Path.ToString(), e.Content is null)).ShouldBe([("a.jpg", false), ("photos (2)/c.jpg", false), ("photos/2026/b.jpg", true)], ignoreOrder: true);
    }

    [Fact]
    public async Task ACopyOfTheLibraryKeepsWhatIsNotToBeSeen()
    {
        await LibraryAsync(remembers: true);
        await ReplicateAsync();
        var before = Copied();
        Unplug();

        var report = await ReplicateAsync();

        report.Failures.Select(f => f.Path.ToString()).ShouldBe(["photos"]);
        report.Removed.ShouldBe(0);
        Copied().ShouldBe(before);
        before.ShouldContain("photos/2/2.jpg");
    }

    [Fact]
    public async Task ACopyWhoseOwnDiskIsNotMountedGetsNothingASecondTime()
    {
        _isMounted = false;
        await LibraryAsync(remembers: true);
        await ReplicateAsync();
        Func<string, IFolder> open = path => new MountedFolder(LocalFolders.Open(path), EntryPath.Root, part => _isMounted && part == EntryPath.From("photos"));
        _isMounted = true;
        await ReplicateAsync(open);
        Directory.Move(_scene["copy/photos"], _scene["unplugged"]);
        Directory.CreateDirectory(_scene["copy/photos"]);
        _isMounted = false;

        var report = await ReplicateAsync(open);

        report.Failures.Select(f => f.Path.ToString()).ShouldBe(["photos"]);
        (report.Added, report.BytesCopied).ShouldBe((0, 0));
    }

    private List<string> Copied() => [.. Directory.EnumerateFiles(_scene["copy"], "*.jpg", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(_scene["copy"], f)).Order(StringComparer.Ordinal)];

    private async Task<ReplicaReport> ReplicateAsync(Func<string, IFolder>? openCopy = null)
    {
        var target = new LibraryTarget(_scene["copy"], LocalFolders.Open, TimeProvider.System);
        await using var source = await _scene.OpenAsync();
        if (!Directory.Exists(_scene["copy"]))
            target.Init(new RunRequest { Client = "nas", Job = "replica", Sources = [$"library {source.Id}"], StateFolder = _scene["state"], Time = _scene.Clock, IsAdHoc = true });
        await using var copy = await LibraryFolder.OpenAsync(_scene["copy"], openCopy ?? LocalFolders.Open, TimeProvider.System, "test", TimeSpan.Zero, CancellationToken.None);
        return await new LibraryReplica(source, copy, TimeProvider.System).RunAsync(new ReplicaOptions { Rest = TimeSpan.Zero }, CancellationToken.None);
    }

    private static ContentId ContentOf(string text) => ContentId.Parse(Scene.Hash(text));

    /// <summary>Two files on the disk, two on the library's own; one of those is removed.</summary>
    private async Task LibraryAsync(bool remembers)
    {
        _scene.Write("stays.jpg", "stays");
        _scene.Write("plain.jpg", "plain");
        await _scene.UploadAsync();
        Directory.CreateDirectory(_scene.InLibrary("photos/2"));
        File.WriteAllText(_scene.InLibrary("photos/1.jpg"), "one");
        File.WriteAllText(_scene.InLibrary("photos/2/2.jpg"), "two");
        await using (var library = await _scene.OpenAsync())
            library.SetRemembersDeleted(remembers);
        (await _scene.ScanAsync()).Found.ShouldBe(["New photos/1.jpg", "New photos/2/2.jpg"]);
        File.Delete(_scene.InLibrary("plain.jpg"));
    }

    private void Unplug()
    {
        Directory.Move(_scene.InLibrary("photos"), _scene["unplugged"]);
        Directory.CreateDirectory(_scene.InLibrary("photos"));
        _isMounted = false;
    }

    private void PlugIn()
    {
        Directory.Delete(_scene.InLibrary("photos"));
        Directory.Move(_scene["unplugged"], _scene.InLibrary("photos"));
        _isMounted = true;
    }
}
