using System.Text.RegularExpressions;
using Holdfast.Cli.Tests.Running;

namespace Holdfast.Cli.Tests.Documents;

public sealed class ReadmeTests
{
    [Fact]
    public void BothReadmesHaveTheSameCommandsAndOutput() => Blocks("README.ru.md").ShouldBe(Blocks("README.md"));

    [Fact]
    public void BothReadmesNameTheSameTargets() => Targets("README.ru.md").ShouldBe(Targets("README.md"));

    private static List<string> Blocks(string document) =>
        [.. Regex.Matches(Repository.Read(document), "^```\\w+\n.*?^```", RegexOptions.Singleline | RegexOptions.Multiline).Select(m => Example.WithPlaceholders(m.Value))];

    private static List<string> Targets(string document) =>
        [.. Regex.Matches(Repository.Read(document), @"^\| (?<target>`\w+:[^`]*`)", RegexOptions.Multiline).Select(m => m.Groups["target"].Value)];
}
