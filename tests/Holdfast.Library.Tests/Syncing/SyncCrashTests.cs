using Holdfast.Core.FileSystem;
using Holdfast.Testing.Faults;

namespace Holdfast.Library.Tests.Syncing;

/// <summary>The process dies at each thing it does to a disk, one after the other: folder, library and state alike.</summary>
public sealed class SyncCrashTests
{
    [Fact]
    public async Task AfterACrashAnywhereTheNextRunEndsWhereThisOneWouldHave()
    {
        var crashed = true;
        var crashes = 0;
        for (var at = 1; crashed; at++)
        {
            using var scene = await BothSidesChangedAsync();
            var plan = new FaultPlan();
            plan.CrashAt(at);
            scene.Open = plan.Open;
            crashed = await DiesAsync(scene);
            crashes += crashed ? 1 : 0;
            scene.Open = LocalFolders.Open;

            string[] contents = ["one", "two", "kept", "edited here", "edited there", "mine", "theirs", "a new one", "twice", "from elsewhere", "was here", "was there", "old", "gone here", "gone there"];
            scene.Files("laptop").Values.Concat(scene.Files("library").Values).Except(contents).ShouldBeEmpty($"a partial file after a crash at mutation {at}");
            await scene.SyncAsync("laptop");

            var expected = new Dictionary<string, string>
            {
                ["renamed here"] = "one",
                ["d/renamed there"] = "two",
                ["kept"] = "kept",
                ["edited here"] = "edited here",
                ["edited there"] = "edited there",
                ["both"] = "theirs",
                [$"both (conflict, laptop, {scene.Time.GetUtcNow():yyyy-MM-dd})"] = "mine",
                ["new"] = "a new one",
                ["twice/1"] = "twice",
                ["twice/2"] = "twice",
                ["new there"] = "from elsewhere",
            };
            // What a crash left under the name of a conflict is the same version.
            scene.Files("laptop").ShouldBe(expected, ignoreOrder: true, $"after a crash at mutation {at}");
            scene.Files("library").ShouldBe(scene.Files("laptop"), $"after a crash at mutation {at}");
            Directory.GetFileSystemEntries(scene["laptop/.holdfast/incoming"]).ShouldBeEmpty();
            Directory.GetFileSystemEntries(scene["library/.holdfast/incoming"]).ShouldBeEmpty();
        }
        crashes.ShouldBeGreaterThan(40);
    }

    private static async Task<SyncScene> BothSidesChangedAsync()
    {
        var scene = new SyncScene();
        foreach (var (name, text) in new Dictionary<string, string> { ["1"] = "one", ["2"] = "two", ["kept"] = "kept", ["edited here"] = "was here", ["edited there"] = "was there", ["both"] = "old", ["gone here"] = "gone here", ["gone there"] = "gone there" })
            scene.Write("laptop", name, text);
        await scene.SyncAsync("laptop");
        scene.Move("laptop", "1", "renamed here");
        scene.Move("library", "2", "d/renamed there");
        scene.Write("laptop", "edited here", "edited here");
        scene.Write("library", "edited there", "edited there");
        scene.Write("laptop", "both", "mine");
        scene.Write("library", "both", "theirs");
        scene.Delete("laptop", "gone here");
        scene.Delete("library", "gone there");
        scene.Write("laptop", "new", "a new one");
        scene.Write("laptop", "twice/1", "twice");
        scene.Write("laptop", "twice/2", "twice");
        scene.Write("library", "new there", "from elsewhere");
        return scene;
    }

    private static async Task<bool> DiesAsync(SyncScene scene)
    {
        try
        {
            await scene.TrySyncAsync("laptop");
            return false;
        }
        catch (CrashException)
        {
            return true;
        }
    }
}
