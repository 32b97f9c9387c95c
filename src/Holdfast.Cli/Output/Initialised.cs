using Holdfast.Core.Targets;

namespace Holdfast.Cli.Output;

/// <summary>What init made: a config, or a place.</summary>
/// <param name="File">The config, or null.</param>
/// <param name="Job">The job; null for the library of a server.</param>
/// <param name="Target">The target, or null.</param>
/// <param name="Place">Its marker, or null.</param>
internal sealed record Initialised(string? File, string? Job, string? Target, PlaceMarker? Place)
{
    /// <summary>What was read of a plain copy that was taken over; null when there was none.</summary>
    public VerifyCounters? Adopted { get; init; }
}
