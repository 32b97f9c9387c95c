using Holdfast.Core.Model;

namespace Holdfast.Core.Catalog;

/// <summary>A copy of a content in a place.</summary>
/// <param name="Place">The place's id.</param>
/// <param name="PlaceName">The place as it was last called.</param>
/// <param name="Seen">When the place's records were last read.</param>
/// <param name="Path">Under which path its snapshots list it.</param>
/// <param name="Size">Bytes.</param>
/// <param name="First">Number of the first snapshot that lists it so.</param>
/// <param name="Last">Number of the last one; null while the newest snapshot lists it.</param>
/// <param name="Tracked">False when older snapshots do not keep it.</param>
/// <param name="Verified">When it was last read back and found right; null when unknown.</param>
public sealed record ContentCopy(string Place, string PlaceName, DateTimeOffset Seen, EntryPath Path, long Size, long First, long? Last, bool Tracked, DateTimeOffset? Verified);
