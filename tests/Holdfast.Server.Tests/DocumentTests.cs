using Holdfast.Testing.Machines;

namespace Holdfast.Server.Tests;

/// <summary>The programs of docs/http-api.md, run as they stand there.</summary>
public sealed class DocumentTests
{
    private static readonly Dictionary<string, string> Phone = new(StringComparer.Ordinal)
    {
        ["DCIM/1.jpg"] = "one",
        ["DCIM/odd & name? ä.jpg"] = "two\n",
        ["again.jpg"] = "one",
    };

    [Theory]
    [InlineData("bash", 1, "bash", "-euc")]
    [InlineData("python", 0, "python3", "-c")]
    public async Task AWholeClientStoresAFolderAndSendsNothingTwice(string language, int index, string program, string option)
    {
        Peer.Require(program, "jq", "curl");
        await using var running = await Running.StartAsync();
        foreach (var (name, text) in Phone)
            running.File("phone/" + name, text);
        var environment = new Dictionary<string, string?>(StringComparer.Ordinal) { ["SERVER"] = running.Address, ["TOKEN"] = running.Token("phone"), ["FOLDER"] = running["phone"] };

        Command.Run(program, [option, Block(language, index)], environment: environment).Checked(program);
        running.Files().Values.Order(StringComparer.Ordinal).ShouldBe(["one", "two\n"]);
        running.Files().Keys.ShouldContain("DCIM/odd & name_ ä.jpg");
        var again = Command.Run(program, [option, Block(language, index)], environment: environment).Checked(program);

        again.Text.ShouldNotContain("stored");
        running.Files().Count.ShouldBe(2);
    }

    private static string Block(string language, int index)
    {
        var page = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "../../../../../docs/http-api.md"));
        var begin = $"```{language}\n";
        return page.Split(begin)[index + 1].Split("```")[0];
    }
}
