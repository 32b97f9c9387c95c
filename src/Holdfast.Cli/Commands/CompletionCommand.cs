using System.CommandLine;
using Holdfast.Cli.Output;

namespace Holdfast.Cli.Commands;

/// <summary><c>holdfast completion</c>: what a shell needs to complete commands, options and jobs.</summary>
internal static class CompletionCommand
{
    public static Verb Create()
    {
        var shell = new Argument<string>("bash|zsh|fish") { Description = "The shell" };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var verb = new Verb("completion", "Print a completion script for a shell")
        {
            Examples = ["source <(holdfast completion bash)", "source <(holdfast completion zsh)", "holdfast completion fish | source"],
        };
        verb.Add(shell);
        return verb.Does((_, parse, _) =>
        {
            using var script = typeof(CompletionCommand).Assembly.GetManifestResourceStream("holdfast." + parse.GetRequiredValue(shell))!;
            script.CopyTo(StandardStreams.Out);
            return Task.FromResult(ExitCode.Done);
        });
    }
}
