using Holdfast.Core.Sources.Rules;

namespace Holdfast.Core.Jobs.Config;

/// <summary>One thing that is wrong in a config file.</summary>
/// <param name="Where">The line, or null when it is the file as a whole.</param>
/// <param name="Text">What is wrong and what to write instead, without the line.</param>
public sealed record ConfigProblem(SourceLine? Where, string Text)
{
    /// <inheritdoc/>
    public override string ToString() => Where is null ? Text : $"{Where}: {Text}";
}
