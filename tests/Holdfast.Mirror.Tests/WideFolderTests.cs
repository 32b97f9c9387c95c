using Holdfast.Core.Engine.Restoring;
using Holdfast.Mirror.Tests.Scenes;
using Holdfast.Testing.Machines;
using Holdfast.Testing.Trees;

namespace Holdfast.Mirror.Tests;

public sealed class WideFolderTests
{
    [Fact]
    public async Task AFolderOfAHundredThousandEntriesIsBackedUpFoundUnchangedAndRestored()
    {
        const int entries = 100_000;
        using var scene = new Scene(Files.Memory);
        var folder = scene.InSource("wide");
        Directory.CreateDirectory(folder);
        Command.Bash("""cd "$1" && seq 1 "$2" | split -l 1 -a 5 -d --additional-suffix=.txt - 'entry '""", folder, "100000");
        Directory.GetFiles(folder).Length.ShouldBe(entries);

        var first = await scene.BackupAsync();
        var second = await scene.BackupAsync();

        first.Targets[0].Statistics.New.ShouldBe(entries + 2, "with its folder and the root");
        second.Targets[0].Snapshot.ShouldBeNull();
        second.Counters.BytesDone.ShouldBe(0);
        Rsync.Differences(scene.Source, scene.Mirror).ShouldBeEmpty();
        using var snapshots = scene.Open();
        var restored = scene.Temporary["restored"];
        await new Restore(snapshots, TimeProvider.System).RunAsync(snapshots.Snapshots[^1], new RestoreOptions { To = restored }, new RestoreCounters(), TestContext.Current.CancellationToken);
        Rsync.Differences(scene.Source, restored).ShouldBeEmpty();
    }
}
