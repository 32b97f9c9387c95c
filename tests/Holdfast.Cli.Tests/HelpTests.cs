using Holdfast.Cli.Tests.Running;

namespace Holdfast.Cli.Tests;

public sealed class HelpTests
{
    [Theory, MemberData(nameof(CommandTree.Words), MemberType = typeof(CommandTree))]
    public void TheHelpOfEveryCommandNamesItsExitCodes(string words)
    {
        using var machine = new Machine();
        var help = machine.Run([.. words.Split(' '), "--help"]);
        help.ExitCode.ShouldBe(0, help.ErrorText);
        help.Text.ShouldContain("Usage:");
        help.Text.ShouldContain("Exit codes:");
        help.Text.ShouldContain("  0  done");
        help.Text.ShouldContain("  2  usage or config");
    }

    [Fact]
    public void EveryCommandSaysWhatItIsFor() =>
        CommandTree.All().Where(c => string.IsNullOrWhiteSpace(c.Command.Description)).ShouldBeEmpty();

    [Fact]
    public void EveryOptionSaysWhatItIsFor() =>
        CommandTree.All().SelectMany(c => c.Command.Options).Where(o => string.IsNullOrWhiteSpace(o.Description)).Select(o => o.Name).ShouldBeEmpty();

    [Fact]
    public void TheVersionIsPrinted()
    {
        using var machine = new Machine();
        machine.Run("--version").Text.ShouldMatch(@"^\d+\.\d+\.\d+");
    }
}
