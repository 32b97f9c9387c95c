using System.CommandLine;

namespace Holdfast.Cli.Tests.Running;

/// <summary>Every command by the words that call it.</summary>
internal static class CommandTree
{
    public static IEnumerable<(string Words, Command Command)> All()
    {
        return Below("", CommandLine.Build());

        static IEnumerable<(string, Command)> Below(string words, Command parent) =>
            parent.Subcommands.SelectMany(c => Below($"{words} {c.Name}".Trim(), c).Prepend(($"{words} {c.Name}".Trim(), c)));
    }

    public static TheoryData<string> Words() => [.. All().Select(c => c.Words)];
}
