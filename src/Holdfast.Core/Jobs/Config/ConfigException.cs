using System.Diagnostics.CodeAnalysis;
using Holdfast.Core.Model;

namespace Holdfast.Core.Jobs.Config;

/// <summary>A config cannot be used. The message names every problem that was found, one a line.</summary>
[SuppressMessage("Design", "CA1032", Justification = "Never without the problems.")]
public sealed class ConfigException(IReadOnlyList<ConfigProblem> problems, string? wayOut = null)
    : HoldfastException(ErrorKind.Usage, string.Join('\n', problems), wayOut)
{
    /// <summary>A problem of no particular line.</summary>
    public ConfigException(string message, string? wayOut = null)
        : this([new ConfigProblem(null, message)], wayOut)
    {
    }

    /// <summary>All that is wrong, in the order of the lines.</summary>
    public IReadOnlyList<ConfigProblem> Problems { get; } = problems;
}
