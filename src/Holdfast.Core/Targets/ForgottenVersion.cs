using Holdfast.Core.Model;

namespace Holdfast.Core.Targets;

/// <summary>A version of a path that goes, or is to go, out of the history.</summary>
/// <param name="Entry">What it was.</param>
/// <param name="Since">The first snapshot that lists it.</param>
/// <param name="Until">The first that does not any more; null when all later ones do.</param>
public sealed record ForgottenVersion(Entry Entry, Snapshot Since, Snapshot? Until);
