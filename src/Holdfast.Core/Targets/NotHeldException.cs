using System.Diagnostics.CodeAnalysis;
using Holdfast.Core.Model;

namespace Holdfast.Core.Targets;

/// <summary>
/// A place cannot hold one path, for its name, its type or its size. Nothing was done for that path: what the place had there
/// stays, the run goes on with the others, and the report names it.
/// </summary>
[SuppressMessage("Design", "CA1032", Justification = "Never without a reason.")]
public sealed class NotHeldException(string reason, Exception? inner = null) : HoldfastException(ErrorKind.Failed, reason, inner: inner);
