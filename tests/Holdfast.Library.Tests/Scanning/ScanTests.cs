using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Library.Scanning;
using Holdfast.Library.Tests.Scenes;
using Holdfast.Testing.Folders;
using Holdfast.Testing.Machines;

namespace Holdfast.Library.Tests.Scanning;

public sealed class ScanTests
{
    [Fact]
    public async Task AFileFromBeforeTheClockWasSetBackIsLookedAt()
    {
        using var scene = new Scene();
        await scene.UploadAsync();
        var clock = new HandClock { Now = TimeProvider.System.GetUtcNow().AddYears(-1) };
        await using var library = await LibraryFolder.OpenAsync(scene.Place, LocalFolders.Open, clock, "test", TimeSpan.Zero, TestContext.Current.CancellationToken);
        File.WriteAllText(scene.InLibrary("by hand.jpg"), "picture");

        var report = library.Scan(new ScanOptions(), TestContext.Current.CancellationToken);

        report.ShouldSatisfyAllConditions(r => r.New.ShouldBe(1), r => r.Busy.ShouldBe(0));
    }

    [Fact]
    public async Task AScanSaysWhatHappenedAndReadsOnlyWhatIsNotExplained()
    {
        using var scene = new Scene();
        foreach (var name in new[] { "edited", "moved", "replaced", "stays", "removed", "mended" })
            scene.Write(name, $"contents of {name}");
        await scene.UploadAsync();
        File.Move(scene.InLibrary("moved"), scene.InLibrary("moved away"));
        File.WriteAllText(scene.InLibrary("edited"), "something else");
        File.Delete(scene.InLibrary("removed"));
        File.WriteAllText(scene.InLibrary("new"), "brand new");
        File.Copy(scene.InLibrary("stays"), scene.InLibrary("a copy"));

        var (report, found) = await scene.ScanAsync();

        found.Order(StringComparer.Ordinal).ShouldBe(["Changed edited", "Duplicate a copy stays", "New new", "Removed removed", "Renamed moved away moved"]);
        report.BytesHashed.ShouldBe("something else".Length + "brand new".Length + "contents of stays".Length);
        var (again, nothing) = await scene.ScanAsync();
        nothing.ShouldBeEmpty();
        again.BytesHashed.ShouldBe(0);
    }

    [Fact]
    public async Task ARenamedFolderIsNotReadAgain()
    {
        using var scene = new Scene();
        for (var i = 0; i < 200; i++)
            scene.Write($"DCIM/{i}", $"picture {i}");
        await scene.UploadAsync();
        Directory.Move(scene.InLibrary("DCIM"), scene.InLibrary("2026"));

        var (report, _) = await scene.ScanAsync();

        (report.Renamed, report.Removed, report.BytesHashed).ShouldBe((200, 0, 0));
    }

    [Fact]
    public async Task AFileEditedInPlaceLosesItsOldHashEvenWithItsOldTime()
    {
        using var scene = new Scene();
        scene.Write("a", "picture");
        await scene.UploadAsync();
        Command.Bash("t=$(stat -c %.9Y \"$1\"); printf PICTURE 1<> \"$1\"; touch -d @$t \"$1\"", scene.InLibrary("a"));

        (await scene.ScanAsync()).Found.ShouldBe(["Changed a"]);
    }

    [Fact]
    public async Task AHalfCopiedFileIsLeftAloneUntilItRests()
    {
        using var scene = new Scene();
        scene.Write("a", "picture");
        await scene.UploadAsync();
        File.WriteAllText(scene.InLibrary("half"), "hal");

        (await scene.ScanAsync(new ScanOptions { Rest = TimeSpan.FromHours(1) })).Found.ShouldBe(["Busy half"]);
        File.WriteAllText(scene.InLibrary("half"), "half no more");
        (await scene.ScanAsync()).Found.ShouldBe(["New half"]);
    }

    [Fact]
    public async Task AFileWhoseCopyStillRestsIsNotDeletedForGood()
    {
        using var scene = new Scene();
        scene.Write("a", "picture");
        scene.Write("c", "something longer");
        await scene.UploadAsync();
        await using (var library = await scene.OpenAsync())
            library.SetRemembersDeleted(true);
        File.Copy(scene.InLibrary("a"), scene.InLibrary("b"));
        File.Delete(scene.InLibrary("a"));
        File.Delete(scene.InLibrary("c"));

        var (report, found) = await scene.ScanAsync(new ScanOptions { Rest = TimeSpan.FromHours(1) });

        found.Distinct().ShouldBe(["Busy b", "Removed c"]);
        report.DeletedForGood.ShouldBe(1);
        (await scene.ScanAsync()).Found.ShouldBe(["Renamed b a"]);
    }

    [Fact]
    public async Task WhatSomebodyPutsBackByHandIsNoLongerDeletedForGood()
    {
        using var scene = new Scene();
        scene.Write("a", "picture");
        await scene.UploadAsync();
        await using (var library = await scene.OpenAsync())
            library.SetRemembersDeleted(true);
        // Half of the copy is there when the file goes.
        File.WriteAllText(scene.InLibrary("b"), "pict");
        File.Delete(scene.InLibrary("a"));
        (await scene.ScanAsync(new ScanOptions { Rest = TimeSpan.FromHours(1), AllowDeletions = true })).Report.DeletedForGood.ShouldBe(1);
        File.WriteAllText(scene.InLibrary("b"), "picture");

        await scene.ScanAsync();

        await using (var library = await scene.OpenAsync())
            library.Deleted().ShouldBeEmpty();
        File.Delete(scene.InLibrary("b"));
        (await scene.ScanAsync(new ScanOptions { Rest = TimeSpan.Zero, AllowDeletions = true })).Report.DeletedForGood.ShouldBe(1);
    }

    [Fact]
    public async Task WhatLiesBehindASymlinkIsNotInTheLibrary()
    {
        using var scene = new Scene();
        scene.Write("DCIM/2026/a", "picture");
        scene.Write("b", "another");
        await scene.UploadAsync();
        Directory.Move(scene.InLibrary("DCIM"), scene["another disk"]);
        File.CreateSymbolicLink(scene.InLibrary("DCIM"), scene["another disk"]);

        (await scene.ScanAsync()).Found.ShouldBe(["Removed DCIM/2026/a"]);

        scene.Write("c", "picture", "laptop");
        await scene.UploadAsync("laptop");
        File.ReadAllText(scene.InLibrary("c")).ShouldBe("picture");
    }

    [Fact]
    public async Task AFileMovedToWhereTheScanHasBeenIsNotDeletedForGood()
    {
        using var scene = new Scene();
        scene.Write("1", "one");
        scene.Write("3/a", "picture");
        await scene.UploadAsync();
        File.WriteAllText(scene.InLibrary("2"), "the scan stops to say that this is new");
        await using var library = await scene.OpenAsync();
        library.SetRemembersDeleted(true);
        Action move = () => File.Move(scene.InLibrary("3/a"), scene.InLibrary("0"));

        var report = library.Scan(
            new ScanOptions
            {
                Rest = TimeSpan.Zero,
                OnFound = _ =>
                {
                    move();
                    move = () => { };
                },
            },
            TestContext.Current.CancellationToken);

        library.Deleted().ShouldBeEmpty();
        (report.Renamed, report.Removed, report.Files).ShouldBe((1, 0, 3));
    }

    [Fact]
    public async Task AnEmptiedOrUnmountedDiskStopsByTheBrake()
    {
        using var scene = new Scene();
        for (var i = 0; i < 150; i++)
            scene.Write($"DCIM/{i}", $"picture {i}");
        for (var i = 0; i < 250; i++)
            scene.Write($"other/{i}", $"other {i}");
        await scene.UploadAsync();
        Directory.Delete(scene.InLibrary("DCIM"), recursive: true);

        (await Should.ThrowAsync<HoldfastException>(() => scene.ScanAsync())).Message.ShouldContain("150 of 400 files are gone");
        (await Should.ThrowAsync<HoldfastException>(() => scene.TryUploadAsync())).Message.ShouldContain("--allow-deletions");
        Directory.Delete(scene.InLibrary("other"), recursive: true);
        (await Should.ThrowAsync<HoldfastException>(() => scene.ScanAsync())).Message.ShouldContain("holds no file");
        var (report, _) = await scene.ScanAsync(new ScanOptions { Rest = TimeSpan.Zero, AllowDeletions = true });
        report.Removed.ShouldBe(400);
        File.Delete(scene.InLibrary(".holdfast/place.json"));
        (await Should.ThrowAsync<HoldfastException>(() => scene.ScanAsync())).Kind.ShouldBe(ErrorKind.NoPlace);
    }

    [Fact]
    public async Task WithoutItsIndexALibraryIsWhole()
    {
        using var scene = new Scene();
        scene.Write("a", "picture");
        scene.Write("b", "picture");
        await scene.UploadAsync();
        foreach (var file in Directory.GetFiles(scene.InLibrary(".holdfast"), "library.db*"))
            File.Delete(file);

        File.ReadAllText(Path.Combine(await scene.RestoreAsync("phone"), "b")).ShouldBe("picture");
        File.WriteAllText(scene.InLibrary(".holdfast/library.db"), "no database at all, but long enough to look at");
        await scene.UploadAsync();

        scene.Files().Keys.ShouldBe(["a"]);
    }

    [Fact]
    public async Task ALineThatACrashCutOffIsForgotten()
    {
        using var scene = new Scene();
        scene.Write("a", "picture");
        await scene.UploadAsync();
        File.AppendAllText(scene.InLibrary(".holdfast/names.jsonl"), "{\"at\":\"2026-11-2");
        scene.Write("b", "another");

        await scene.UploadAsync();

        File.ReadLines(scene.InLibrary(".holdfast/names.jsonl")).ShouldAllBe(l => l.StartsWith("{\"at\"", StringComparison.Ordinal) && l.EndsWith('}'));
        Directory.GetFiles(await scene.RestoreAsync("phone")).Length.ShouldBe(2);
    }

    [Fact]
    public async Task TwoWhoDecideAtOnceAreBothWrittenDown()
    {
        using var scene = new Scene();
        scene.Write("a", "one");
        scene.Write("b", "two");
        scene.Write("c", "three");
        await scene.UploadAsync();
        await using (var library = await scene.OpenAsync())
            library.SetRemembersDeleted(true);
        File.Delete(scene.InLibrary("a"));
        File.Delete(scene.InLibrary("b"));
        (await scene.ScanAsync()).Report.DeletedForGood.ShouldBe(2);
        Task? other = null;
        LibraryFolder? both = null;
        scene.OpenPlace = path => new Interrupted(LocalFolders.Open(path), EntryPath.From(".holdfast/log.jsonl"), () =>
        {
            other ??= Task.Run(() => both!.Undelete([ContentId.Parse(Scene.Hash("two"))]));
            other.Wait(TimeSpan.FromMilliseconds(300)); // It may have to wait for the first to end.
        });

        await using (both = await scene.OpenAsync())
        {
            both.Undelete([ContentId.Parse(Scene.Hash("one"))]);
            await other!;
        }

        File.Delete(scene.InLibrary(".holdfast/library.db"));
        scene.OpenPlace = LocalFolders.Open;
        await using var again = await scene.OpenAsync();
        again.Deleted().ShouldBeEmpty();
    }

    /// <summary>Something else happens when a file is about to be written to, once.</summary>
    private sealed class Interrupted(IFolder inner, EntryPath at, Action meanwhile) : FolderDecorator(inner)
    {
        private int _done;

        public override IFolder OpenFolder(EntryPath path) => new Interrupted(Inner.OpenFolder(path), at, meanwhile);

        public override IFileWriter ContinueFile(EntryPath path, int mode)
        {
            if (path == at && Interlocked.Exchange(ref _done, 1) == 0)
                meanwhile();
            return Inner.ContinueFile(path, mode);
        }
    }

    [Fact]
    public async Task ADamagedRecordIsNamedWithTheWayOut()
    {
        using var scene = new Scene();
        scene.Write("a", "picture");
        await scene.UploadAsync();
        File.AppendAllText(scene.InLibrary(".holdfast/names.jsonl"), "rubbish\n");

        var error = await Should.ThrowAsync<HoldfastException>(() => scene.ScanAsync());

        error.Message.ShouldContain("names.jsonl' is damaged");
        error.Message.ShouldContain("take that line out");
    }
}
