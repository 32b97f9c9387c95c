namespace Holdfast.Stores;

/// <summary>What a store says of an object without its bytes.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Version">Another one when the object was replaced; means nothing but to this store.</param>
public sealed record ObjectStat(ObjectName Name, long Size, string Version);
