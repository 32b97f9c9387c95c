using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;
using Holdfast.Library;
using Holdfast.Library.Http;
using Holdfast.Library.Replicating;
using Holdfast.Library.Syncing;
using Holdfast.Server.Access;
using Holdfast.Testing.Folders;
using Holdfast.Testing.Machines;

namespace Holdfast.Server.Tests;

/// <summary>A copy of a library when a server keeps the one, the other, or both.</summary>
public sealed class ReplicaTests
{
    private static readonly ReplicaOptions AtOnce = new() { Rest = TimeSpan.Zero };

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task ACopyIsExactWhateverPeopleDid(bool servedSource, bool servedCopy)
    {
        await using var first = await Running.StartAsync();
        await using var second = await Running.StartAsync();
        for (var i = 0; i < 12; i++)
            first.File($"phone/{i % 3}/{i}.jpg", $"picture {i}");
        first.File("phone/empty", "");
        await first.BackupAsync("phone", first.Token("phone"));
        Target source = Of(first, servedSource), copy = Of(second, servedCopy);

        (await ReplicateAsync(source, copy)).Added.ShouldBe(13);
        second.Files().ShouldBe(first.Files());

        Command.Bash("cd \"$1\" && mv 0/0.jpg moved.jpg && printf other >1/1.jpg && rm 2/2.jpg && cp 2/5.jpg twice.jpg && rm -r 0 && printf file >0", first.Place);
        var again = await ReplicateAsync(source, copy);

        again.Failures.ShouldBeEmpty();
        second.Files().ShouldBe(first.Files());
        (await ReplicateAsync(source, copy)).BytesCopied.ShouldBe(0);
        // It is a library of its own: it gives names back that only the first one's record knew.
        File.ReadAllText(Path.Combine(second.Place, ".holdfast/names.jsonl")).ShouldBe(File.ReadAllText(Path.Combine(first.Place, ".holdfast/names.jsonl")));
    }

    [Fact]
    public async Task WhatLiesOnADiskThatIsNotMountedIsNeitherRemovedFromACopyNorFromAClient()
    {
        var isMounted = true;
        await using var first = await Running.StartAsync(open: path => new MountedFolder(LocalFolders.Open(path), EntryPath.Root, part => isMounted && part == EntryPath.From("photos")));
        await using var second = await Running.StartAsync();
        first.File("library/a.jpg", "one");
        first.File("library/photos/b.jpg", "two");
        first.Library.Scan(new Holdfast.Library.Scanning.ScanOptions { Rest = TimeSpan.Zero }, CancellationToken.None);
        var token = first.Token("laptop", Scope.Full);
        (await first.SyncAsync("laptop", token)).Counters.FailureCount.ShouldBe(0);
        Target source = new(first, Served: true, first.Token("replica", Scope.Full), AllowDeletions: false), copy = Of(second, served: true);
        await ReplicateAsync(source, copy);
        Directory.Move(first["library/photos"], first["unplugged"]);
        Directory.CreateDirectory(first["library/photos"]);
        isMounted = false;

        var report = await ReplicateAsync(source, copy);
        var synced = await first.TrySyncAsync("laptop", token);

        report.Failures.ShouldHaveSingleItem().Path.ToString().ShouldBe("photos/b.jpg");
        second.Files().Keys.ShouldBe(["a.jpg", "photos/b.jpg"]);
        synced.Targets[0].Failure.ShouldBeNull();
        File.ReadAllText(first["laptop/photos/b.jpg"]).ShouldBe("two");
        // It is said where; and a listing shows what can be had.
        first.Curl(token, "-X", "POST", first.Address + "/sync").Body.ShouldContain("\"photos\"");
        first.Curl(token, first.Address + "/api/v1/entries").Body.ShouldNotContain("b.jpg");
    }

    [Fact]
    public async Task AnEmptyLibraryOrAStrangersEmptiesNoCopy()
    {
        await using var first = await Running.StartAsync();
        await using var second = await Running.StartAsync();
        second.Curl(second.Token("phone"), "--data-binary", "mine", $"{second.Address}/upload?name=a");
        first.Curl(first.Token("phone"), "--data-binary", "theirs", $"{first.Address}/upload?name=b");

        (await Should.ThrowAsync<Core.Model.HoldfastException>(() => ReplicateAsync(Of(first, true), Of(second, true)))).Message.ShouldContain("is no copy of");
        File.Delete(Path.Combine(second.Place, "a"));
        await ReplicateAsync(Of(first, true), Of(second, true));
        File.Delete(Path.Combine(first.Place, "b"));
        (await Should.ThrowAsync<Core.Model.HoldfastException>(() => ReplicateAsync(Of(first, true), Of(second, true)))).Message.ShouldContain("disk of the source");

        second.Files().Keys.ShouldBe(["b"]);
    }

    private static Target Of(Running running, bool served) => new(running, served, running.Token($"replica {Guid.NewGuid():N}", Scope.Full));

    private static async Task<ReplicaReport> ReplicateAsync(Target source, Target copy) =>
        await new RemoteReplica(await source.OpenAsync(), await copy.OpenAsync(), TimeProvider.System).RunAsync(AtOnce, TestContext.Current.CancellationToken);

    /// <summary>A running server's library: over HTTP, or the folder itself.</summary>
    private sealed record Target(Running Running, bool Served, string Token, bool AllowDeletions = true)
    {
        public async Task<ISyncedLibrary> OpenAsync()
        {
            if (!Served)
            {
                Running.Library.Scan(new Holdfast.Library.Scanning.ScanOptions { Rest = TimeSpan.Zero, AllowDeletions = true }, CancellationToken.None);
                return Running.Library;
            }
            var request = new RunRequest { Client = "nas", Job = "replica", Sources = [], StateFolder = Running["state"], Time = TimeProvider.System.GetUtcNow() };
            return await new HttpLibraryTarget(Running.Address, () => Token, TimeProvider.System).OpenToSyncAsync(request, new SyncOptions { AllowDeletions = AllowDeletions }, CancellationToken.None);
        }
    }
}
