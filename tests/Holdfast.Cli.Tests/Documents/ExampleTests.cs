using System.Text.RegularExpressions;
using Holdfast.Cli.Tests.Running;
using Holdfast.Testing.Machines;

namespace Holdfast.Cli.Tests.Documents;

/// <summary>Every example of every document is typed in a scratch folder, and must print what the document shows.</summary>
public sealed partial class ExampleTests
{
    private const string Client = "laptop", Home = "/home/ann";

    public static TheoryData<string> Documents() =>
    [
        .. new[] { "README.md", "README.ru.md" }
            .Concat(Directory.GetFiles(Path.Combine(Repository.Root, "docs"), "*.md").Select(f => Path.GetRelativePath(Repository.Root, f)))
            .Where(d => Example.In(Repository.Read(d)).Count > 0),
    ];

    [Theory, MemberData(nameof(Documents))]
    public void TheExamplesOfADocumentPrintWhatItShows(string document)
    {
        Peer.Require("jq");
        using var machine = new Machine().WithLauncher();
        foreach (var example in Example.In(Repository.Read(document)))
        {
            var run = machine.Shell($"exec 2>&1; {example.Line}");
            var shown = Regex.Replace(run.Text.Replace(machine.Root, Home), $@"\b{Regex.Escape(Environment.MachineName)}\b", Client);
            Example.WithPlaceholders(shown).ShouldBe(Example.WithPlaceholders(example.Output), $"{document}: $ {example.Line}");
        }
    }

    [Fact]
    public void EveryBlockThatTypesHoldfastIsRunOrPlainlyNeedsAMachineOfOnesOwn()
    {
        foreach (var document in Documents().Select(d => d.Data))
            foreach (Match line in HoldfastLine().Matches(WithoutConsole(Repository.Read(document))))
                line.Value.ShouldSatisfyAllConditions(() => Command(line.Value).ShouldBeTrue($"{document}: {line.Value}"));
    }

    // What cannot be run here (a real disk, a home) is at least parsed.
    private static bool Command(string line) =>
        CommandLine.Build().Parse(line.Trim()["./holdfast ".Length..], CommandLine.Parsing).Errors.Count == 0;

    private static string WithoutConsole(string markdown) => Regex.Replace(markdown, "^```console\n.*?^```", "", RegexOptions.Singleline | RegexOptions.Multiline);

    [GeneratedRegex(@"^\./holdfast .*$", RegexOptions.Multiline)]
    private static partial Regex HoldfastLine();
}
