namespace Holdfast.Core.Jobs;

/// <summary>How copies are laid out in a place.</summary>
public enum TargetKind
{
    /// <summary>Plain files as they are now, with increments of hard links.</summary>
    Mirror,

    /// <summary>One collection of plain files shared by many clients.</summary>
    Library,

    /// <summary>The restic format.</summary>
    Repository,

    /// <summary>Tar volumes.</summary>
    Volumes,

    /// <summary>Telegram messages in a database, media in files.</summary>
    Archive,
}
