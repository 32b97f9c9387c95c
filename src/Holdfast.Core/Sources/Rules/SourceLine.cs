namespace Holdfast.Core.Sources.Rules;

/// <summary>A line of a file that people wrote, counted from 1.</summary>
public sealed record SourceLine(string File, int Line)
{
    /// <inheritdoc/>
    public override string ToString() => $"{File}:{Line}";
}
