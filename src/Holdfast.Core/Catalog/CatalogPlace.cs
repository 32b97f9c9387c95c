namespace Holdfast.Core.Catalog;

/// <summary>A place as the catalog remembers it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">The target it was seen as.</param>
/// <param name="Seen">When it was last connected and somebody looked.</param>
/// <param name="Snapshots">How many it had.</param>
/// <param name="Newest">When the newest of them was made.</param>
public sealed record CatalogPlace(string Id, string Name, DateTimeOffset Seen, int Snapshots, DateTimeOffset? Newest);
