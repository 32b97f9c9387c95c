using Holdfast.Cli.Tests.Running;

namespace Holdfast.Cli.Tests.Documents;

public sealed class CommandsPageTests
{
    private const string Page = "docs/commands.md";

    /// <summary>After a change of the commands: HOLDFAST_WRITE_DOCS=1 ./test CommandsPage</summary>
    [Fact]
    public void ThePageOfCommandsSaysWhatTheCommandsAre()
    {
        if (Environment.GetEnvironmentVariable("HOLDFAST_WRITE_DOCS") == "1")
            File.WriteAllText(Path.Combine(Repository.Root, Page), CommandsPage.Text());
        Repository.Read(Page).ShouldBe(CommandsPage.Text());
    }
}
