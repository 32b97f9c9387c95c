using Holdfast.Core.Model;
using Holdfast.Core.Targets;

namespace Holdfast.Mirror.Run;

/// <summary>One step of the change from one state of mirror/ to the next.</summary>
/// <param name="Kind">What happens.</param>
/// <param name="Entry">As it is to be; as it was, when it is removed.</param>
/// <param name="Before">What lay at the path.</param>
/// <param name="Holding">Whether the mirror still held it.</param>
/// <param name="Staged">The number of the new object in the staging folder.</param>
/// <param name="SetAside">Without hard links: where in the place goes what lies at the path.</param>
internal sealed record Step(ChangeKind Kind, Entry Entry, EntryType? Before, Holding? Holding, long? Staged, EntryPath? SetAside = null);
