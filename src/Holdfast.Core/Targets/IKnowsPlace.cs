namespace Holdfast.Core.Targets;

/// <summary>Snapshots that say themselves which place they are of: one that is no folder of this machine.</summary>
public interface IKnowsPlace
{
    /// <summary>The place's id.</summary>
    string PlaceId { get; }

    /// <summary>
    /// True when the place holds what it is given until somebody takes it out by hand: no retention forgets it, and it goes
    /// with no source. Its only snapshot is what it holds now.
    /// </summary>
    bool OnlyAdds { get; }
}
