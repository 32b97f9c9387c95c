using Holdfast.Core.Model;

namespace Holdfast.Core.Engine;

/// <summary>A path that is missing from a run, and why.</summary>
public sealed record RunFailure(EntryPath Path, string Reason);
