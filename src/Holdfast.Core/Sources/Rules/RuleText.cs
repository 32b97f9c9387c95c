namespace Holdfast.Core.Sources.Rules;

/// <summary>A pattern as it was written, and where.</summary>
public sealed record RuleText(string Text, SourceLine? Where = null);
