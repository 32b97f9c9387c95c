using Holdfast.Core.Model;

namespace Holdfast.Core.Targets;

/// <summary>Something a check found wrong.</summary>
/// <param name="Path">Where, as people find it in the place.</param>
/// <param name="Problem">What is wrong.</param>
/// <param name="Advice">What to do about it.</param>
public sealed record CheckFinding(string Path, string Problem, string Advice);
