using System.Diagnostics.CodeAnalysis;

namespace Holdfast.Cli.Output;

/// <summary>Whoever reads our output has gone.</summary>
[SuppressMessage("Design", "CA1032", Justification = "Says only this.")]
internal sealed class BrokenPipeException() : IOException("nobody reads the output any more");
