using System.CommandLine;
using Holdfast.Cli.Output;
using Holdfast.Core.Jobs.Config;

namespace Holdfast.Cli;

/// <summary>What to say when the arguments make no sense.</summary>
internal static class UsageErrors
{
    /// <summary>Says it on standard error.</summary>
    public static int Print(ParseResult parse, IReadOnlyList<string> unknownOptions)
    {
        var session = Session.Of(parse);
        var lines = unknownOptions.Count > 0
            ? unknownOptions.Select(o => $"there is no option '{o}'").ToList()
            : parse.Errors.Select(e => Sentence(e.Message)).Distinct().ToList();
        foreach (var token in unknownOptions.Concat(parse.UnmatchedTokens).Distinct())
            if (NearestName.Find(token, Known(parse)) is { } nearest)
                lines.Add($"did you mean '{nearest}'?");
        lines.Add($"'{Path(parse)} --help' shows what can be typed");
        ErrorPrinter.Print(session, string.Join("\n  ", lines), ExitCode.Usage);
        return ExitCode.Usage;
    }

    private static IEnumerable<string> Known(ParseResult parse)
    {
        var command = parse.CommandResult.Command;
        return command.Subcommands.Select(c => c.Name)
            .Concat(command.Options.Concat(GlobalOptions.All).Select(o => o.Name));
    }

    private static string Path(ParseResult parse)
    {
        var names = new List<string>();
        for (System.CommandLine.Parsing.SymbolResult? result = parse.CommandResult; result is not null; result = result.Parent)
            if (result is System.CommandLine.Parsing.CommandResult command)
                names.Insert(0, command.Command is RootCommand ? "holdfast" : command.Command.Name);
        return string.Join(' ', names);
    }

    private static string Sentence(string message) => message switch
    {
        _ when message.StartsWith("Required command", StringComparison.Ordinal) => "a command is missing",
        _ when message.StartsWith("Unrecognized command or argument ", StringComparison.Ordinal) => "there is no" + message["Unrecognized".Length..].TrimEnd('.'),
        _ => message.TrimEnd('.'),
    };
}
