using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;

namespace Holdfast.Core.Engine.Restoring;

/// <summary>One path that is not a folder, on its way from the snapshot to its name.</summary>
internal sealed class RestoreItem
{
    /// <summary>The entry as the snapshot lists it.</summary>
    public required SnapshotEntry Source { get; init; }

    /// <summary>The entry with this machine's owners.</summary>
    public required Entry Entry { get; init; }

    public required OpenFolder Folder { get; init; }

    public required EntryPath Name { get; init; }

    /// <summary>What was there under the name.</summary>
    public FileStat? Existing { get; init; }

    /// <summary>What is to be done; contents that turn out to be equal change it.</summary>
    public required RestoreAction Action { get; set; }

    /// <summary>True when the contents of what is there decide.</summary>
    public bool InDoubt { get; init; }

    /// <summary>The path restored before that this one is a further name of, or null.</summary>
    public RestoreItem? LinkTo { get; init; }

    /// <summary>The copy that gets the names that follow, once this file has as many as the disk allows.</summary>
    public RestoreItem? ContinuedBy { get; set; }

    /// <summary>Where the new file lies until it gets its name; the root when there is none.</summary>
    public EntryPath Temporary { get; set; }

    /// <summary>The work on its contents.</summary>
    public Task Work { get; set; } = Task.CompletedTask;

    /// <summary>True when it was read back and is right.</summary>
    public bool IsVerified { get; set; }

    /// <summary>True when it was named as a failure, or given up.</summary>
    public bool Failed { get; set; }

    public EntryPath Path => Entry.Path;

    public bool IsWritten => Action is RestoreAction.Create or RestoreAction.Replace;
}
