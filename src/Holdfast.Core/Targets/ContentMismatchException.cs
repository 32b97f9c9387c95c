using System.Diagnostics.CodeAnalysis;

namespace Holdfast.Core.Targets;

/// <summary>The bytes that arrived are not the content that was announced: the file was changed since it was hashed, or a bit turned on the way.</summary>
[SuppressMessage("Design", "CA1032", Justification = "Never without a reason.")]
public sealed class ContentMismatchException(string message) : Exception(message);
