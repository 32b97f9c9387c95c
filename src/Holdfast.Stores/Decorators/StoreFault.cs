namespace Holdfast.Stores.Decorators;

/// <summary>What goes wrong in a <see cref="FaultyStore"/>.</summary>
public enum StoreFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The call fails and has no effect; trying again helps.</summary>
    Before,

    /// <summary>The call takes effect and fails all the same: its answer was lost. Trying again helps.</summary>
    After,

    /// <summary>A read or a list breaks off after some of it, with an error that a retry may mend.</summary>
    BreaksOff,

    /// <summary>A put stores the first half of its body and fails. No store may do this; code above must notice.</summary>
    Torn,

    /// <summary>A read gives other bytes, without a word.</summary>
    WrongBytes,

    /// <summary>A list ends in the middle, without a word.</summary>
    CutList,

    /// <summary>A list is the one from before: the last of its kind that this store gave, or empty.</summary>
    StaleList,

    /// <summary>The call takes a second longer.</summary>
    Slow,

    /// <summary>No answer comes, until the caller gives up.</summary>
    Hangs,

    /// <summary>A read gives half of its bytes and no more, until the caller gives up.</summary>
    Stalls,
}
