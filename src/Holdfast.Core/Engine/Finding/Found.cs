using Holdfast.Core.Model;
using Holdfast.Core.Targets;

namespace Holdfast.Core.Engine.Finding;

/// <summary>One version of a path that was looked for.</summary>
/// <param name="Brought">The snapshot that brought it; later ones up to <see cref="PathVersion.Until"/> may have changed its metadata.</param>
/// <param name="Version">The version, with the newest metadata that was looked for.</param>
/// <param name="IsHeld">Whether the place still holds the bytes; null for what has none of its own.</param>
public sealed record Found(Snapshot Brought, PathVersion Version, bool? IsHeld)
{
    /// <summary>The entry as it was.</summary>
    public Entry Entry => Version.Entry.Entry;

    /// <summary>The path.</summary>
    public EntryPath Path => Entry.Path;
}
