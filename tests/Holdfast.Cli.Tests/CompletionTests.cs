using Holdfast.Cli.Tests.Running;
using Holdfast.Testing.Machines;

namespace Holdfast.Cli.Tests;

public sealed class CompletionTests : IDisposable
{
    private readonly Machine _machine = new();

    public void Dispose() => _machine.Dispose();

    [Fact]
    public void BashCompletesCommandsAndOptions()
    {
        Peer.Require("bash");
        Bash("holdfast snap").ShouldBe("snapshots");
        Bash("holdfast backup --dr").ShouldBe("--dry-run");
    }

    [Fact]
    public void ZshCompletesCommandsAndOptions()
    {
        Peer.Require("zsh");
        Zsh("holdfast", "snap").ShouldBe("snapshots");
        Zsh("holdfast", "backup", "--dr").ShouldBe("--dry-run");
    }

    [Fact]
    public void FishCompletesCommandsAndOptions()
    {
        Peer.Require("fish");
        Fish("holdfast snap").ShouldBe("snapshots");
        Fish("holdfast backup --dr").ShouldBe("--dry-run");
    }

    [Fact]
    public void AnotherShellIsRefused() => _machine.Run("completion", "tcsh").ExitCode.ShouldBe(2);

    private string Bash(string line)
    {
        var words = line.Split(' ');
        var script = $$"""
            source <(holdfast completion bash)
            complete -p holdfast >/dev/null || exit 1
            COMP_LINE='{{line}}' COMP_POINT={{line.Length}} COMP_WORDS=({{line}}) COMP_CWORD={{words.Length - 1}}
            _holdfast
            printf '%s\n' "${COMPREPLY[@]}"
            """;
        return _machine.Shell(script).Checked("bash").Text.Trim();
    }

    // Completion of zsh runs only within its line editor, so compadd prints here what it would offer.
    private string Zsh(params string[] words)
    {
        var script = $$"""
            compdef() { : }
            _files() { : }
            compadd() { print -l -- ${(P)2} }
            source <(holdfast completion zsh)
            words=({{string.Join(' ', words)}}) CURRENT={{words.Length}} PREFIX={{words[^1]}}
            _holdfast
            """;
        return _machine.Shell(script, "zsh").Checked("zsh").Text.Trim();
    }

    private string Fish(string line) =>
        _machine.Shell($"holdfast completion fish | source; complete -C '{line}'", "fish").Checked("fish").Text.Trim();
}
