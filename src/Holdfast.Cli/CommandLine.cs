using System.CommandLine;
using System.CommandLine.Help;
using Holdfast.Cli.Commands;
using Holdfast.Cli.Output;

namespace Holdfast.Cli;

/// <summary>From the arguments to an exit code.</summary>
internal static class CommandLine
{
    // '@name' is a path like any other, not a file with more arguments.
    public static readonly ParserConfiguration Parsing = new() { ResponseFileTokenReplacer = null };

    /// <summary>The tree of all commands.</summary>
    public static RootCommand Build()
    {
        var root = new RootCommand("Holdfast keeps files safe in places you already have, as copies that can be read without it.");
        foreach (var option in GlobalOptions.All)
            root.Add(option);
        foreach (var command in Registry.Commands())
            root.Add(command);
        // The library's own has /? and -? as well, which are names of files here.
        root.Options.Remove(root.Options.First(o => o is HelpOption));
        var help = new HelpOption("--help", "-h") { Description = "Show this" };
        help.Action = new HelpWithExitCodes((HelpAction)help.Action!);
        root.Add(help);
        return root;
    }

    public static async Task<int> RunAsync(string[] arguments)
    {
        var commands = Build();
        var parse = commands.Parse(arguments, Parsing);
        if (CheckCommand.Is(parse.CommandResult.Command))
            parse = commands.Parse(CheckCommand.SpellOut(arguments), Parsing);
        if (UnknownOptions.In(parse) is { Count: > 0 } unknown)
            return UsageErrors.Print(parse, unknown);
        if (parse.Errors.Count > 0 && parse.Action is System.CommandLine.Invocation.ParseErrorAction)
            return UsageErrors.Print(parse, []);

        using var interruption = new Interruption();
        var configuration = new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
            Output = StandardStreams.Text,
            Error = StandardStreams.Error,
        };
        try
        {
            var code = await parse.InvokeAsync(configuration, interruption.Token);
            StandardStreams.Flush();
            return code;
        }
        catch (BrokenPipeException)
        {
            return ExitCode.Done; // Whoever reads has had enough, as in 'holdfast ls | head'.
        }
    }
}
