namespace Holdfast.Stores;

/// <summary>What a store can do.</summary>
public sealed record StoreTraits
{
    /// <summary>True when <see cref="PutCondition.IfAbsent"/> is kept by the store itself, whoever else is at work there.</summary>
    public required bool ConditionalPut { get; init; }

    /// <summary>Bytes of the largest object.</summary>
    public required long MaximumSize { get; init; }

    /// <summary>True when a part of an object costs about what its bytes cost; false when the whole is fetched for it.</summary>
    public required bool Ranges { get; init; }

    /// <summary>Which names it takes.</summary>
    public StoreNames Names { get; init; } = StoreNames.Any;

    /// <summary>How many calls at once are worthwhile; at least 1.</summary>
    public required int Parallelism { get; init; }
}

/// <summary>Which names a store takes.</summary>
public enum StoreNames
{
    /// <summary>Every <see cref="ObjectName"/>.</summary>
    Any,

    /// <summary>Only those of a restic repository: <c>config</c>, and hashes below <c>data</c>, <c>index</c>, <c>keys</c>, <c>locks</c> and <c>snapshots</c>.</summary>
    Restic,
}
