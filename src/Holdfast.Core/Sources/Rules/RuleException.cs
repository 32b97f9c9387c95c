using System.Diagnostics.CodeAnalysis;
using Holdfast.Core.Model;

namespace Holdfast.Core.Sources.Rules;

/// <summary>A pattern that means nothing.</summary>
[SuppressMessage("Design", "CA1032", Justification = "Never without a pattern and a reason.")]
public sealed class RuleException(RuleText rule, string reason, Exception? inner = null)
    : HoldfastException(ErrorKind.Usage, $"{(rule.Where is { } where ? $"{where}: " : "")}the pattern '{rule.Text}' is wrong: {reason}", null, inner);
