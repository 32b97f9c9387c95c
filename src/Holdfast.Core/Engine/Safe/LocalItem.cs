using Holdfast.Core.Model;

namespace Holdfast.Core.Engine.Safe;

/// <summary>A file that is asked about, or a path of which nothing can be known.</summary>
/// <param name="Tree">Where it lies.</param>
/// <param name="Path">Relative to the tree's folder.</param>
/// <param name="Problem">Why nothing can be known; null for a file.</param>
public sealed record LocalItem(LocalTree Tree, EntryPath Path, string? Problem)
{
    /// <summary>True for what was typed itself, false for what was found below it.</summary>
    public bool IsNamed => Path == Tree.Start && !Path.IsRoot;

    /// <summary>How people call it.</summary>
    public byte[] Shown => Tree.Shown(Path);
}
