namespace Holdfast.Core.Targets;

/// <summary>Whether a place holds an entry as its record says.</summary>
public enum Holding : byte
{
    /// <summary>By size, time and permissions, yes.</summary>
    Intact,

    /// <summary>The contents, yes; metadata that the place can keep differs.</summary>
    OtherMetadata,

    /// <summary>It is gone, or of another type, size or time.</summary>
    Lost,

    /// <summary>Nobody recorded it: somebody put it there.</summary>
    Foreign,
}
