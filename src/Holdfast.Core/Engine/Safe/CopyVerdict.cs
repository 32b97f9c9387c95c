using Holdfast.Core.Targets;

namespace Holdfast.Core.Engine.Safe;

/// <summary>What was found out about one copy of a file.</summary>
/// <param name="Place">The place.</param>
/// <param name="Copy">The copy, as the records say it.</param>
/// <param name="Kept">How long it stays.</param>
public sealed record CopyVerdict(CopyPlace Place, Copy Copy, KeptUntil Kept)
{
    /// <summary>The file, as people find it; null when it was not looked at.</summary>
    public string? Where { get; init; }

    /// <summary>Why it does not count; null when it does.</summary>
    public string? Problem { get; init; }

    /// <summary>True when it was read back just now and is right.</summary>
    public bool ReadBack { get; init; }
}

/// <summary>What was found out about one file.</summary>
/// <param name="Item">The file.</param>
/// <param name="File">As it was hashed; null when it could not be.</param>
/// <param name="Problem">Why nothing is known of it; null when it was hashed.</param>
/// <param name="Copies">What was found; the one that counts, when there is one, comes first.</param>
public sealed record FileVerdict(LocalItem Item, LocalFile? File, string? Problem, IReadOnlyList<CopyVerdict> Copies)
{
    /// <summary>True when a copy survives its deletion.</summary>
    public bool IsSafe => File is not null && Copies is [{ Problem: null }, ..];
}
