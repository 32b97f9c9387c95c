using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Holdfast.Cli;

/// <summary>The usual help, then examples and exit codes of the command.</summary>
internal sealed class HelpWithExitCodes(HelpAction help) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        help.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        var verb = parseResult.CommandResult.Command as Verb;
        if (verb is { Examples.Count: > 0 })
        {
            output.WriteLine("Examples:");
            foreach (var example in verb.Examples)
                output.WriteLine($"  {example}");
            output.WriteLine();
        }
        output.WriteLine("Exit codes:");
        foreach (var code in verb?.AllExitCodes ?? [0, 1, 2, 3, 10, 11, 12, 130])
            output.WriteLine($"  {code,3}  {ExitCode.Describe(code)}");
        return ExitCode.Done;
    }
}
