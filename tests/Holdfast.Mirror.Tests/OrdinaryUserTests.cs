using Holdfast.Mirror.Tests.Scenes;
using Holdfast.Testing.Machines;
using Holdfast.Testing.Trees;

namespace Holdfast.Mirror.Tests;

/// <summary>Runs of a user without rights. As root each test runs itself again, in a process of such a user.</summary>
public sealed class OrdinaryUserTests
{
    [Fact]
    public Task ATortureTreeIsMirroredThroughManyChanges() => AsOrdinaryUser(nameof(ATortureTreeIsMirroredThroughManyChanges), async () =>
    {
        var seed = RandomSeed.Next();
        using var scene = new Scene();
        TortureTree.Build(scene.Source, asRoot: false, seed: seed);
        await scene.BackupAsync();
        scene.MirrorShouldBeTheSource("after the first run");
        for (var round = 0; round < 3; round++)
        {
            TortureTree.Mutate(scene.Source, new Random(seed + round), asRoot: false);
            await scene.BackupAsync();
            scene.MirrorShouldBeTheSource($"after round {round}");
        }
    });

    [Fact]
    public Task AFolderThatItsOwnerClosedIsUnknownUntilItIsOpenAgain() => AsOrdinaryUser(nameof(AFolderThatItsOwnerClosedIsUnknownUntilItIsOpenAgain), async () =>
    {
        using var scene = new Scene();
        scene.Write("closed/inner/file", "1");
        scene.Write("unreadable", "1");
        await scene.BackupAsync();

        File.SetUnixFileMode(scene.InSource("closed"), UnixFileMode.None);
        File.SetUnixFileMode(scene.InSource("unreadable"), UnixFileMode.None);
        for (var i = 0; i < 2; i++)
        {
            var report = await scene.TryBackupAsync();
            report.Targets[0].Failure.ShouldBeNull();
            report.Counters.Failures.Select(f => f.Path.ToString()).ShouldContain("closed");
            File.ReadAllText(scene.InMirror("closed/inner/file")).ShouldBe("1");
            File.ReadAllText(scene.InMirror("unreadable")).ShouldBe("1");
        }

        File.SetUnixFileMode(scene.InSource("closed"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.SetUnixFileMode(scene.InSource("unreadable"), UnixFileMode.UserRead);
        scene.Write("closed/inner/second", "2");
        await scene.BackupAsync();
        scene.MirrorShouldBeTheSource();
    });

    private static async Task AsOrdinaryUser(string test, Func<Task> body)
    {
        if (!Command.IsRoot)
        {
            await body();
            return;
        }
        var self = typeof(OrdinaryUserTests).Assembly.Location;
        var environment = new Dictionary<string, string?> { ["HOME"] = "/tmp", ["HOLDFAST_TEST_DIR"] = null, ["TMPDIR"] = null };
        var result = Command.RunAsOrdinaryUser("dotnet", [self, "-noLogo", "-noColor", "-method", $"*{nameof(OrdinaryUserTests)}.{test}"], environment: environment);
        (result.ExitCode, result.Text).ShouldBe((0, result.Text));
        result.Text.ShouldContain("Total: 1,");
    }
}
