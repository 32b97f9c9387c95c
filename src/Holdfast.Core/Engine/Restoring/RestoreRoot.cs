using Holdfast.Core.Model;

namespace Holdfast.Core.Engine.Restoring;

/// <summary>Where a part of a snapshot goes.</summary>
/// <param name="Prefix">The part: the root, or the name of one of several sources.</param>
/// <param name="Path">The absolute path it is restored to: of a folder, or of the file when the prefix is a file.</param>
public sealed record RestoreRoot(EntryPath Prefix, string Path);
