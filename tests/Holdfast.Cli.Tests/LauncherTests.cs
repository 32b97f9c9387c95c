using Holdfast.Cli.Tests.Running;
using Holdfast.Testing.Machines;

namespace Holdfast.Cli.Tests;

public sealed class LauncherTests
{
    [Fact]
    public void TheLauncherBuildsWhenItMustAndThenOnlyStarts()
    {
        var launcher = Path.Combine(Repository.Root, "holdfast");
        var first = Command.Run(launcher, ["--version"], timeout: TimeSpan.FromMinutes(5)).Checked(launcher);
        var second = Command.Run(launcher, ["--version"]).Checked(launcher);
        second.Text.ShouldBe(first.Text);
        second.ErrorText.ShouldBeEmpty();
    }

    [Fact]
    public void ASymlinkToTheLauncherDoes()
    {
        using var folder = new TemporaryFolder();
        var launcher = Path.Combine(Repository.Root, "holdfast");
        Command.Must("ln", "-s", launcher, folder["hf"]);
        Command.Run(folder["hf"], ["--version"], timeout: TimeSpan.FromMinutes(5)).ExitCode.ShouldBe(0);
    }

    [Fact]
    public void WithoutTheSdkTheLauncherSaysWhatIsMissing()
    {
        using var folder = new TemporaryFolder();
        Command.Must("cp", Path.Combine(Repository.Root, "holdfast"), folder["holdfast"]);
        Command.Bash("mkdir \"$1/bin\"; for t in sh dirname readlink find mkdir flock cat; do ln -s \"$(command -v $t)\" \"$1/bin/\"; done", folder.Path);
        var run = Command.Run(folder["holdfast"], ["--version"], environment: new Dictionary<string, string?>(StringComparer.Ordinal) { ["PATH"] = folder["bin"] });
        run.ExitCode.ShouldBe(1);
        run.ErrorText.ShouldContain(".NET 10 SDK");
    }
}
