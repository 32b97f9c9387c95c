using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;
using Holdfast.Library.Index;
using Holdfast.Library.Tests.Scenes;
using Holdfast.Library.Verifying;

namespace Holdfast.Library.Tests;

/// <summary>Reading back: what the disk gives, not what the index believes.</summary>
public sealed class ReadBackTests
{
    [Fact]
    public async Task BytesThatTurnedOnTheDiskAreFoundAndNeverCountAsVerified()
    {
        using var scene = new Scene();
        scene.Write("a.jpg", "picture");
        await scene.UploadAsync();
        var content = ContentId.Parse(Scene.Hash("picture"));
        await using (var library = await scene.OpenAsync())
        {
            // A disk that turns bits changes neither size nor times: the index believes the file.
            File.WriteAllText(scene.InLibrary("a.jpg"), "pictura");
            var path = EntryPath.From("a.jpg");
            library.Index.Put(IndexedFile.Of(path, content, library.FileAt(path)!.Value));

            (await library.VerifyAsync(content, TestContext.Current.CancellationToken)).ShouldBe(ReadBackResult.Damaged);

            library.VerifiedAt(content).ShouldBeNull();
            library.NotVerified(10).ShouldBe([content]);
        }
    }

    [Fact]
    public async Task AShareIsReadBackWhatWaitsLongestFirstAndWhatTurnedIsNamed()
    {
        using var scene = new Scene();
        scene.Write("a.jpg", "first");
        scene.Write("b.jpg", "second");
        await scene.UploadAsync();
        var (first, second) = (ContentId.Parse(Scene.Hash("first")), ContentId.Parse(Scene.Hash("second")));
        await using (var library = await scene.OpenAsync())
            await library.VerifyAsync(first, TestContext.Current.CancellationToken);
        (await ReadBackAsync(scene, 0.1)).ShouldBeEmpty();
        await using (var library = await scene.OpenAsync())
        {
            library.VerifiedAt(second).ShouldNotBeNull();
            library.Index.Verification().NeverFiles.ShouldBe(0);
            File.WriteAllText(scene.InLibrary("a.jpg"), "fIrst");
            library.Index.Put(IndexedFile.Of(EntryPath.From("a.jpg"), first, library.FileAt(EntryPath.From("a.jpg"))!.Value));
        }
        (await ReadBackAsync(scene, 1)).ShouldBe(["a.jpg"]); // Although it was right once.
    }

    private static async Task<List<string>> ReadBackAsync(Scene scene, double share)
    {
        var found = new List<string>();
        var target = new LibraryTarget(scene.InLibrary("").TrimEnd('/'), LocalFolders.Open, TimeProvider.System);
        await target.VerifyAsync(new VerifyOptions { Purpose = "test", Share = share }, f => found.Add(f.Path), new VerifyCounters(), TestContext.Current.CancellationToken);
        return found;
    }

    [Fact]
    public async Task TheDateSurvivesTheIndex()
    {
        using var scene = new Scene();
        scene.Write("a.jpg", "picture");
        await scene.UploadAsync();
        var content = ContentId.Parse(Scene.Hash("picture"));
        await using (var library = await scene.OpenAsync())
            (await library.VerifyAsync(content, TestContext.Current.CancellationToken)).ShouldBe(ReadBackResult.Right);
        File.Delete(scene.InLibrary(".holdfast/library.db"));

        await scene.ScanAsync();
        await using var again = await scene.OpenAsync();

        again.VerifiedAt(content).ShouldNotBeNull();
    }

    [Fact]
    public async Task BytesThatPeopleBringAgainWereNotReadBack()
    {
        using var scene = new Scene();
        scene.Write("a.jpg", "picture");
        scene.Write("b.jpg", "another");
        await scene.UploadAsync();
        var content = ContentId.Parse(Scene.Hash("picture"));
        await using (var library = await scene.OpenAsync())
            await library.VerifyAsync(content, TestContext.Current.CancellationToken);
        File.Delete(scene.InLibrary("a.jpg"));
        await scene.ScanAsync();
        File.WriteAllText(scene.InLibrary("a.jpg"), "picture");
        await scene.ScanAsync();
        File.Delete(scene.InLibrary(".holdfast/library.db"));

        await using var after = await scene.OpenAsync();

        after.VerifiedAt(content).ShouldBeNull();
    }
}
