using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Library.Scanning;
using Holdfast.Library.Reading;
using Holdfast.Library.Replicating;
using Holdfast.Library.Tests.Scenes;
using Holdfast.Library.Verifying;
using Holdfast.Testing.Folders;

namespace Holdfast.Library.Tests;

/// <summary>What a library says it holds it holds, also when the power fails in the next moment, and what it read back it read.</summary>
public sealed class VouchingTests : IDisposable
{
    private static readonly ContentId Picture = ContentId.Parse(Scene.Hash("picture"));

    private readonly Scene _scene = new();

    private int _barriers;

    public void Dispose() => _scene.Dispose();

    [Theory]
    [InlineData("asked")]
    [InlineData("read back")]
    [InlineData("checked")]
    public async Task WhatPeopleCopiedInIsDurableBeforeAnybodyIsToldThatItIsHere(string how)
    {
        await MakeAsync("other.jpg", "other");
        await using (var library = await _scene.OpenAsync())
        {
            await library.AskAsync([ContentId.Parse(Scene.Hash("other"))], TestContext.Current.CancellationToken);
            // No file manager waits for the disk.
            File.WriteAllText(_scene.InLibrary("copied.jpg"), "picture");
            library.Scan(new() { Rest = TimeSpan.Zero }, TestContext.Current.CancellationToken);
            var before = _barriers;

            await VouchAsync(library, how);

            _barriers.ShouldBeGreaterThan(before);
            await library.AskAsync([Picture], TestContext.Current.CancellationToken);
            before = _barriers;
            await library.AskAsync([Picture], TestContext.Current.CancellationToken);
            _barriers.ShouldBe(before, "what is durable is durable");
        }
        // Who scanned may have been another process.
        await using var next = await _scene.OpenAsync();
        var opened = _barriers;
        (await next.AskAsync([Picture], TestContext.Current.CancellationToken))[0].Kind.ShouldBe(PresenceKind.Held);
        _barriers.ShouldBeGreaterThan(opened);
    }

    [Theory]
    [InlineData("copied and removed")]
    [InlineData("one of two removed")]
    [InlineData("removed by the server")]
    [InlineData("edited")]
    [InlineData("replaced by the same")]
    public async Task AFileThatWasNeverReadBackIsNotVerifiedByTheDateOfAnother(string how)
    {
        await MakeAsync("a.jpg", "picture");
        var (first, second) = (_scene.InLibrary("a.jpg"), _scene.InLibrary("b.jpg"));
        await using var library = await _scene.OpenAsync();
        (await library.VerifyAsync(Picture, TestContext.Current.CancellationToken)).ShouldBe(ReadBackResult.Right);
        File.Copy(first, second);
        if (how != "copied and removed")
            Scan(library);
        library.VerifiedAt(Picture).ShouldNotBeNull();

        switch (how)
        {
            case "removed by the server":
                await library.RemoveAsync(EntryPath.From("a.jpg"), null, forGood: false, TestContext.Current.CancellationToken);
                break;
            case "edited":
                File.WriteAllText(first, "edited");
                break;
            case "replaced by the same":
                File.Move(second, first, overwrite: true);
                break;
            default:
                File.Delete(first);
                break;
        }
        Scan(library);

        library.VerifiedAt(Picture).ShouldBeNull();
        File.ReadAllLines(_scene.InLibrary(".holdfast/verified.jsonl"))[^1].ShouldContain("\"new\":true");
        (await library.VerifyAsync(Picture, TestContext.Current.CancellationToken)).ShouldBe(ReadBackResult.Right);
    }

    [Fact]
    public async Task AFileThatIsOnlyMovedKeepsItsDate()
    {
        await MakeAsync("a.jpg", "picture");
        await using var library = await _scene.OpenAsync();
        await library.VerifyAsync(Picture, TestContext.Current.CancellationToken);

        File.Move(_scene.InLibrary("a.jpg"), _scene.InLibrary("b.jpg"));
        Scan(library);

        library.VerifiedAt(Picture).ShouldNotBeNull();
    }

    [Fact]
    public async Task WhatIsCopiedAnewIntoACopyOfTheLibraryWasNotReadBackThere()
    {
        await MakeAsync("a.jpg", "picture");
        await MakeAsync("b.jpg", "another");
        var copy = _scene["copy"];
        await ReplicateAsync(copy);
        await using (var replica = await OpenAsync(copy))
            (await replica.VerifyAsync(Picture, TestContext.Current.CancellationToken)).ShouldBe(ReadBackResult.Right);
        File.Delete(_scene.InLibrary("a.jpg"));
        await ReplicateAsync(copy);
        File.WriteAllText(_scene.InLibrary("c.jpg"), "picture");
        await ReplicateAsync(copy);

        await using var after = await OpenAsync(copy);

        after.VerifiedAt(Picture).ShouldBeNull();
    }

    [Fact]
    public async Task AFileOfTheLibraryItselfIsNoCopyOfItself()
    {
        // Through a network share it lies on another disk than the one that the server looks at.
        await MakeAsync("a.jpg", "picture");
        using var share = LocalFolders.OpenForReading(_scene.Place);
        await using var library = await _scene.OpenAsync();

        GoesWith.Of(share, library.Id, isCopyOf: _ => false).ShouldNotBeNull().ShouldContain("this very library");
        GoesWith.Of(share, "another", isCopyOf: _ => false).ShouldBeNull();
    }

    private static void Scan(LibraryFolder library) => library.Scan(new() { Rest = TimeSpan.Zero }, TestContext.Current.CancellationToken);

    private static async Task VouchAsync(LibraryFolder library, string how)
    {
        if (how == "asked")
            (await library.AskAsync([Picture], TestContext.Current.CancellationToken))[0].Kind.ShouldBe(PresenceKind.Held);
        else if (how == "read back")
            (await library.VerifyAsync(Picture, TestContext.Current.CancellationToken)).ShouldBe(ReadBackResult.Right);
        else
            await new DataCheck(library.Folder, library.Index, null, new() { Purpose = "test" }, _ => { }, new()).RunAsync(TestContext.Current.CancellationToken);
    }

    private static Task<LibraryFolder> OpenAsync(string path) =>
        LibraryFolder.OpenAsync(path, LocalFolders.Open, TimeProvider.System, "test", TimeSpan.Zero, TestContext.Current.CancellationToken);

    private async Task MakeAsync(string name, string text)
    {
        _scene.Write(name, text);
        await _scene.UploadAsync();
        _scene.OpenPlace = path => new CountedBarriers(LocalFolders.Open(path), () => _barriers++);
    }

    private async Task ReplicateAsync(string copy)
    {
        await using var source = await _scene.OpenAsync();
        if (!Directory.Exists(copy))
            new LibraryTarget(copy, LocalFolders.Open, TimeProvider.System).Init(new() { Client = "c", Job = "replica", Sources = [$"library {source.Id}"], StateFolder = _scene["state"], Time = _scene.Clock });
        await using var replica = await OpenAsync(copy);
        await new LibraryReplica(source, replica, TimeProvider.System).RunAsync(new() { Rest = TimeSpan.Zero, AllowDeletions = true }, TestContext.Current.CancellationToken);
    }

    private sealed class CountedBarriers(IFolder inner, Action count) : FolderDecorator(inner)
    {
        public override IFolder OpenFolder(EntryPath path) => new CountedBarriers(Inner.OpenFolder(path), count);

        public override void Barrier()
        {
            count();
            Inner.Barrier();
        }
    }
}
