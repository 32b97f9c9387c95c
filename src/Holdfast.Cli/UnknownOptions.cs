using System.CommandLine;
using System.CommandLine.Parsing;

namespace Holdfast.Cli;

/// <summary>
/// Words that look like options and are none. System.CommandLine would take them for paths; whoever has such a path puts
/// "--" before it.
/// </summary>
internal static class UnknownOptions
{
    public static IReadOnlyList<string> In(ParseResult parse)
    {
        var free = parse.Tokens.SkipWhile(t => t.Type != TokenType.DoubleDash).ToHashSet(ReferenceEqualityComparer.Instance);
        return [.. parse.CommandResult.Command.Arguments
            .SelectMany(a => parse.GetResult(a)?.Tokens ?? [])
            .Where(t => t.Value.Length > 1 && t.Value[0] == '-' && !free.Contains(t))
            .Select(t => t.Value)];
    }
}
