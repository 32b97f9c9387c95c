using System.CommandLine;
using Holdfast.Cli.Commands;

namespace Holdfast.Cli;

/// <summary>A command of the tree: what System.CommandLine parses, with the exit codes and examples its help adds.</summary>
internal sealed class Verb : Command
{
    public Verb(string name, string description)
        : base(name, description)
    {
    }

    /// <summary>How it may end, apart from 0 and 2, which every command knows.</summary>
    public IReadOnlyList<int> ExitCodes { get; init; } = [];

    /// <summary>Lines to type, for the help.</summary>
    public IReadOnlyList<string> Examples { get; init; } = [];

    /// <summary>All codes it may end with, in order.</summary>
    public IEnumerable<int> AllExitCodes => ExitCodes.Concat([ExitCode.Done, ExitCode.Usage]).Distinct().Order();

    /// <summary>What it does: the action gets a session made of the global options.</summary>
    public Verb Does(Func<Session, ParseResult, CancellationToken, Task<int>> action)
    {
        SetAction((parse, cancellationToken) => Failures.HandleAsync(Session.Of(parse, cancellationToken), session => action(session, parse, cancellationToken)));
        return this;
    }
}
