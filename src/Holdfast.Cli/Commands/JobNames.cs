using System.CommandLine.Completions;
using Holdfast.Core.Model;

namespace Holdfast.Cli.Commands;

/// <summary>The names of the config's jobs, for completion in a shell.</summary>
internal static class JobNames
{
    public static IEnumerable<CompletionItem> Complete(CompletionContext context)
    {
        try
        {
            return [.. Session.Of(context.ParseResult).Config.Jobs.Select(j => new CompletionItem(j.Name))];
        }
        catch (HoldfastException)
        {
            return []; // A config that is wrong is for the command itself to complain about.
        }
    }
}
