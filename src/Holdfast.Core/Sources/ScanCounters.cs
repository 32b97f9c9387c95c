namespace Holdfast.Core.Sources;

/// <summary>How many entries each rule kept out. Filled by a scan, read when it is over.</summary>
public sealed class ScanCounters
{
    /// <summary>Entries seen.</summary>
    public long Seen { get; set; }

    /// <summary>Kept out by an exclude pattern.</summary>
    public long Excluded { get; set; }

    /// <summary>Not named by include or track.</summary>
    public long NotIncluded { get; set; }

    /// <summary>Folders kept out by a flag file.</summary>
    public long FlagFile { get; set; }

    /// <summary>Folders kept out by CACHEDIR.TAG.</summary>
    public long Caches { get; set; }

    /// <summary>Files kept out by their size.</summary>
    public long TooLarge { get; set; }

    /// <summary>Folders of other file systems not entered.</summary>
    public long OtherFileSystems { get; set; }

    /// <summary>Files left for a later run because they changed just now.</summary>
    public long TooRecent { get; set; }

    /// <summary>Entries outside the list of --files-from.</summary>
    public long NotListed { get; set; }
}
