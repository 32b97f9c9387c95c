namespace Holdfast.Core.Engine.Restoring;

/// <summary>What becomes of something that is already there under a name to be restored.</summary>
public enum Overwrite
{
    /// <summary>It stays as it is.</summary>
    Never,

    /// <summary>It is replaced when its mtime is older than the snapshot's.</summary>
    Older,

    /// <summary>It is replaced when size or mtime differ; by contents with <see cref="RestoreOptions.Checksum"/>.</summary>
    Changed,

    /// <summary>It is replaced, whatever it is.</summary>
    Always,
}
