using Holdfast.Cli.Tests.Running;
using Holdfast.Testing.Machines;

namespace Holdfast.Cli.Tests;

public sealed class ManualTests : IDisposable
{
    private readonly Machine _machine = new();

    public ManualTests() => _machine.Run("manual", "man1").Checked("holdfast");

    public void Dispose() => _machine.Dispose();

    [Fact]
    public void EveryCommandHasAPageAndNothingElseHas()
    {
        var pages = Directory.GetFiles(_machine["man1"]).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal);
        pages.ShouldBe(CommandTree.All().Select(c => $"holdfast-{c.Words.Replace(' ', '-')}.1").Append("holdfast.1").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void AReaderSeesEveryOptionArgumentAndExampleOnItsPage()
    {
        Peer.Require("groff");
        foreach (var (words, command) in CommandTree.All())
        {
            var name = $"holdfast-{words.Replace(' ', '-')}";
            var shown = Shown(name);
            shown.ShouldContain($"{name} - {command.Description!.TrimEnd('.')}");
            foreach (var text in Texts(command))
                shown.ShouldContain(text, Case.Sensitive, $"on the page of {words}");
        }
        Shown("holdfast").ShouldContain("holdfast backup");
    }

    private static IEnumerable<string> Texts(System.CommandLine.Command command) =>
    [
        .. command.Options.Select(o => o.Name), .. command.Options.Select(o => o.Description!.TrimEnd('.') + "."),
        .. command.Arguments.Select(a => a.Name), .. ((Verb)command).Examples,
        .. ((Verb)command).AllExitCodes.Select(ExitCode.Describe), .. command.Subcommands.Select(c => c.Description!.TrimEnd('.') + "."),
        .. GlobalOptions.All.Select(o => o.Name),
    ];

    /// <summary>As a terminal 5,000 columns wide shows it: no line is broken. groff has nothing to complain about.</summary>
    private string Shown(string name)
    {
        var shown = Command.Run("groff", ["-man", "-Kutf8", "-Tutf8", "-ww", "-rLL=5000n", "-P-c", "-P-b", "-P-o", "-P-u", _machine[$"man1/{name}.1"]]).Checked("groff");
        shown.ErrorText.ShouldBe("");
        return string.Join('\n', shown.Text.Split('\n').Select(l => string.Join(' ', l.Split(' ', StringSplitOptions.RemoveEmptyEntries))));
    }
}

