using System.CommandLine;

namespace Holdfast.Cli;

/// <summary>The options every command has.</summary>
internal static class GlobalOptions
{
    public static readonly Option<bool> Json = new("--json") { Description = "One JSON object a line on standard output", Recursive = true };

    public static readonly Option<string?> Config = new("--config") { Description = "The config file; without it ./holdfast.yaml, the one beside the program, ~/.config/holdfast/holdfast.yaml", HelpName = "FILE", Recursive = true };

    public static readonly Option<string?> State = new("--state") { Description = "The state folder (caches, plans, kept reports)", HelpName = "DIR", Recursive = true };

    public static readonly Option<bool> Verbose = new("--verbose", "-v") { Description = "Say more: every path of a run, the whole of an error", Recursive = true };

    public static readonly Option<bool> Quiet = new("--quiet", "-q") { Description = "Say nothing but errors", Recursive = true };

    public static IEnumerable<Option> All => [Json, Config, State, Verbose, Quiet];
}
