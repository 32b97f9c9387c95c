using Holdfast.Testing.Machines;
using Holdfast.Testing.Trees;

namespace Holdfast.Mirror.Tests.Restoring;

public sealed class RestoringAsAnOrdinaryUserTests
{
    [Fact]
    public async Task ATortureTreeComesBackExactlyForAnOrdinaryUser()
    {
        if (Command.IsRoot)
        {
            // The same test again, in a process of a user without rights.
            var self = typeof(RestoringAsAnOrdinaryUserTests).Assembly.Location;
            string[] arguments = [self, "-noLogo", "-noColor", "-method", $"*{nameof(ATortureTreeComesBackExactlyForAnOrdinaryUser)}"];
            var result = Command.RunAsOrdinaryUser("dotnet", arguments, environment: new Dictionary<string, string?> { ["HOME"] = "/tmp", ["HOLDFAST_TEST_DIR"] = null, ["TMPDIR"] = null });
            (result.ExitCode, result.Text).ShouldBe((0, result.Text));
            result.Text.ShouldContain("Total: 1,");
            return;
        }
        using var bed = new RestoreBed();
        TortureTree.Build(bed.Source, asRoot: false);
        await bed.BackupAsync();

        var report = await bed.RestoreAsync();

        report.Counters.Failures.ShouldBeEmpty();
        report.Remarks.ShouldBeEmpty();
        Rsync.Differences(bed.Source, bed.Out).ShouldBeEmpty();
    }
}
