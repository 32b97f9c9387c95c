using Holdfast.Cli.Tests.Running;
using Holdfast.Testing.Machines;

namespace Holdfast.Cli.Tests;

public sealed class DockerTests : IDisposable
{
    private static readonly string Folder = Path.Combine(Repository.Root, "eng/docker");
    private readonly Machine _machine = new Machine().WithDocuments();

    public void Dispose() => _machine.Dispose();

    [Fact]
    public void AnEmptyConfigVolumeGetsAnExampleAndTheContainerEndsWith2()
    {
        _machine.Folder("config");
        var first = Entrypoint();
        first.ExitCode.ShouldBe(2, first.ErrorText);
        first.ErrorText.ShouldContain("edit ");
        File.ReadAllText(_machine["config/holdfast.yaml"]).ShouldContain("# schedule:");
        _machine.Run("config", "check", "--config", "config/holdfast.yaml").Checked("holdfast");
    }

    [Fact]
    public void WithAConfigTheDaemonRunsAndTheStateIsInItsVolume()
    {
        _machine.File("config/holdfast.yaml", "jobs: {documents: {from: ../Documents, to: 'mirror:../disk', schedule: every 1h}}\n");
        _machine.Run("init", "documents", "--config", "config/holdfast.yaml", "--state", "state").Checked("holdfast");
        Entrypoint("--once").Checked("entrypoint");
        File.Exists(_machine["disk/mirror/todo.txt"]).ShouldBeTrue();
        File.Exists(_machine["state/daemon.json"]).ShouldBeTrue();
    }

    [Theory]
    [InlineData("")]
    [InlineData("--profile library --profile postgres")]
    public void ComposeTakesTheFile(string profiles)
    {
        Peer.Require("docker-compose");
        var read = Command.Run("docker-compose", ["-f", Path.Combine(Folder, "compose.yaml"), .. profiles.Split(' ', StringSplitOptions.RemoveEmptyEntries), "config"]).Checked("docker-compose");
        read.Text.ShouldContain("/config");
    }

    private Command Entrypoint(params string[] words) =>
        _machine.Shell($"HOLDFAST_CONFIG_DIR={_machine["config"]} HOLDFAST_STATE_DIR={_machine["state"]} sh {Folder}/entrypoint {string.Join(' ', words)}");
}
