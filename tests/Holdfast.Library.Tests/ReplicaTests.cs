using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;
using Holdfast.Library.Replicating;
using Holdfast.Library.Scanning;
using Holdfast.Library.Syncing;
using Holdfast.Library.Tests.Scenes;
using Holdfast.Testing.Machines;

namespace Holdfast.Library.Tests;

/// <summary>A second library that becomes an exact copy of the first.</summary>
public sealed class ReplicaTests : IDisposable
{
    private static readonly ReplicaOptions AtOnce = new() { Rest = TimeSpan.Zero };

    private readonly Scene _scene = new();

    private string Copy => _scene["copy"];

    public void Dispose() => _scene.Dispose();

    [Fact]
    public async Task ACopyIsExactAfterWhateverPeopleDidAndWorksByItself()
    {
        for (var i = 0; i < 30; i++)
            _scene.Write($"{i % 4}/{i}.jpg", $"picture {i}");
        _scene.Write("twice.jpg", "picture 7");
        _scene.Write("empty", "");
        await _scene.UploadAsync();
        (await ReplicateAsync()).Added.ShouldBe(31);
        Differences().ShouldBeEmpty();

        // Renamed, edited, removed, added; a file where a folder was, and a folder where a file was.
        Command.Bash("""
            cd "$1"; mv 0/4.jpg moved.jpg; printf other >1/1.jpg; rm 2/2.jpg; printf new >3/new.jpg
            rm -r 0; printf 'a file now' >0; rm 1/5.jpg; mkdir 1/5.jpg; printf inside >1/5.jpg/x.jpg
            """, _scene.Place);
        var report = await ReplicateAsync(AtOnce with { AllowDeletions = true });
        report.Failures.ShouldBeEmpty();
        Differences().ShouldBeEmpty();
        (await ReplicateAsync()).ShouldSatisfyAllConditions(r => r.Added.ShouldBe(0), r => r.Removed.ShouldBe(0), r => r.Replaced.ShouldBe(0), r => r.BytesCopied.ShouldBe(0));

        // It is a library of its own: it gives names back that only the first one's record knew.
        using var uploaded = new LibraryTarget(Copy, LocalFolders.Open, TimeProvider.System).OpenUploaded("phone");
        var names = uploaded.Entries(uploaded.Snapshots[0], Core.Model.EntryPath.Root, TestContext.Current.CancellationToken).Select(e => e.Entry.Path.ToString()).ToList();
        names.ShouldContain("twice.jpg");
        names.ShouldContain("2/2.jpg");
    }

    [Theory]
    [InlineData(RecordFile.Names)]
    [InlineData(RecordFile.Log)]
    public async Task ARecordThatCannotBeReadReplacesNone(RecordFile record)
    {
        _scene.Write("a", "one");
        await _scene.UploadAsync();
        File.WriteAllText(_scene["damaged"], "{\"half\n");
        await using (var library = await _scene.OpenAsync())
        {
            using var damaged = LocalFolders.Open(_scene[""]).OpenFile(EntryPath.From("damaged"));
            await Should.ThrowAsync<HoldfastException>(() => library.ReplaceRecordAsync(record, damaged, TestContext.Current.CancellationToken));
            library.Uploaded("phone", "photos", EntryPath.From("a")).ShouldNotBeNull();
        }

        await using var again = await _scene.OpenAsync();
        again.Uploaded("phone", "photos", EntryPath.From("a")).ShouldNotBeNull();
    }

    [Fact]
    public async Task RememberedDeletionsGoWithTheCopy()
    {
        _scene.Write("a.jpg", "a");
        _scene.Write("b.jpg", "b");
        await _scene.UploadAsync();
        await ReplicateAsync();
        await using (var library = await _scene.OpenAsync())
        {
            library.SetRemembersDeleted(true);
            File.Delete(_scene.InLibrary("a.jpg"));
            library.Scan(new ScanOptions { Rest = TimeSpan.Zero }, TestContext.Current.CancellationToken);
        }

        await ReplicateAsync();

        await using var copy = await OpenAsync(Copy);
        copy.RemembersDeleted.ShouldBeTrue();
        copy.Deleted().Select(d => d.Path?.ToString()).ShouldBe(["a.jpg"]);
        Differences().ShouldBeEmpty();
    }

    [Fact]
    public async Task AnEmptySourceEmptiesNoCopyAndAHugeLossStopsIt()
    {
        for (var i = 0; i < 300; i++)
            _scene.Write($"{i}.jpg", $"picture {i}");
        await _scene.UploadAsync();
        await ReplicateAsync();
        for (var i = 0; i < 150; i++)
            File.Delete(_scene.InLibrary($"{i}.jpg"));
        await _scene.ScanAsync(new ScanOptions { Rest = TimeSpan.Zero, AllowDeletions = true });

        (await Should.ThrowAsync<Core.Model.HoldfastException>(() => ReplicateAsync())).Message.ShouldContain("150 of 300");
        Directory.GetFiles(Copy).Length.ShouldBe(300);

        for (var i = 150; i < 300; i++)
            File.Delete(_scene.InLibrary($"{i}.jpg"));
        (await Should.ThrowAsync<Core.Model.HoldfastException>(() => ReplicateAsync(AtOnce with { AllowDeletions = true }))).Message.ShouldContain("holds no file");
        Directory.GetFiles(Copy).Length.ShouldBe(300);
    }

    [Fact]
    public async Task ASourceFileThatIsNotWhatItsIndexSaysReplacesNothing()
    {
        _scene.Write("a.jpg", "good");
        await _scene.UploadAsync();
        await ReplicateAsync();
        File.WriteAllText(_scene.InLibrary("a.jpg"), "half a copy of something");

        // It was written to just now: the scan leaves it alone, and so does the copy.
        await ReplicateAsync(AtOnce with { Rest = TimeSpan.FromHours(1) });
        File.ReadAllText(Path.Combine(Copy, "a.jpg")).ShouldBe("good");

        File.Delete(Path.Combine(Copy, "a.jpg"));
        var report = await ReplicateAsync(AtOnce with { Rest = TimeSpan.FromHours(1) });
        report.Failures.Select(f => f.Path.ToString()).ShouldBe(["a.jpg"]);
        File.Exists(Path.Combine(Copy, "a.jpg")).ShouldBeFalse();
    }

    [Fact]
    public async Task WhatCannotBeCopiedToItsNewPathStaysUnderItsOldOne()
    {
        _scene.Write("a.jpg", "good");
        await _scene.UploadAsync();
        await ReplicateAsync();
        File.Move(_scene.InLibrary("a.jpg"), _scene.InLibrary("b.jpg"));
        await _scene.ScanAsync();
        File.WriteAllText(_scene.InLibrary("b.jpg"), "evil");

        var report = await ReplicateAsync(AtOnce with { Rest = TimeSpan.FromHours(1) });

        report.Failures.Select(f => f.Path.ToString()).ShouldBe(["b.jpg"]);
        report.Removed.ShouldBe(0);
        File.ReadAllText(Path.Combine(Copy, "a.jpg")).ShouldBe("good");
    }

    private async Task<ReplicaReport> ReplicateAsync(ReplicaOptions? options = null)
    {
        await using var source = await _scene.OpenAsync();
        if (!Directory.Exists(Copy))
            new LibraryTarget(Copy, LocalFolders.Open, TimeProvider.System).Init(new RunRequest
            {
                Client = "server",
                Job = "replica",
                Sources = [],
                StateFolder = _scene["state"],
                Time = _scene.Clock,
            });
        await using var replica = await OpenAsync(Copy);
        return await new LibraryReplica(source, replica, TimeProvider.System).RunAsync(options ?? AtOnce, TestContext.Current.CancellationToken);
    }

    private static Task<LibraryFolder> OpenAsync(string path) =>
        LibraryFolder.OpenAsync(path, LocalFolders.Open, TimeProvider.System, "test", TimeSpan.Zero, TestContext.Current.CancellationToken);

    /// <summary>What rsync would do to the copy, by contents and times; and the record, byte by byte.</summary>
    private string Differences() => Command.Bash("""
        rsync -rtcin --delete --omit-dir-times --exclude=/.holdfast "$1/" "$2/"
        for f in names.jsonl log.jsonl; do [ ! -e "$1/.holdfast/$f" ] || cmp "$1/.holdfast/$f" "$2/.holdfast/$f"; done
        """, _scene.Place, Copy).Text;
}
