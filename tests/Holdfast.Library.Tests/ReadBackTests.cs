using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
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
    public async Task TheDateSurvivesTheIndex()
    {
        using var scene = new Scene();
        scene.Write("a.jpg", "picture");
        await scene.UploadAsync();
        var content = ContentId.Parse(Scene.Hash("picture"));
        await using (var library = await scene.OpenAsync())
            (await library.VerifyAsync(content, TestContext.Current.CancellationToken)).ShouldBe(ReadBackResult.Right);
        File.Delete(scene.InLibrary(".holdfast/library.db"));

        await using var again = await scene.OpenAsync();

        again.VerifiedAt(content).ShouldNotBeNull();
    }
}
