using System.Diagnostics.CodeAnalysis;

namespace Holdfast.Testing.Faults;

/// <summary>The process "died" here. No kind of I/O error, so that nothing that handles those goes on.</summary>
[SuppressMessage("Design", "CA1032", Justification = "Thrown here only.")]
public sealed class CrashException(string message) : Exception(message);
