using Holdfast.Core.Model;

namespace Holdfast.Core.Targets;

/// <summary>What a target had under one path before the run.</summary>
/// <param name="Entry">As the newest snapshot lists it; <see cref="Entry.Identity"/> is the source's of then, when it is still known.</param>
/// <param name="Holding">Whether the place still holds it so.</param>
/// <param name="Version">A number of the target's own that says where the contents lie; the engine only carries it.</param>
public sealed record KnownEntry(Entry Entry, Holding Holding, long Version);
