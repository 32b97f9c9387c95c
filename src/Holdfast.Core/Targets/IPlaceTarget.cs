namespace Holdfast.Core.Targets;

/// <summary>A target whose place the command can make and read.</summary>
public interface IPlaceTarget : IBackupTarget
{
    /// <summary>Makes an absent or empty place one of this layout, or says why not.</summary>
    /// <param name="request">Whose place it becomes.</param>
    /// <param name="adopt">Take over a place of another source or client, keeping what it holds.</param>
    /// <param name="newId">Give an existing place a new id, because it is a clone of another.</param>
    /// <returns>The marker.</returns>
    /// <exception cref="Model.HoldfastException">The place holds something else.</exception>
    PlaceMarker Init(RunRequest request, bool adopt = false, bool newId = false);

    /// <summary>Opens the snapshots for reading; works on any machine.</summary>
    /// <param name="expected">Whose place it must be; null for anyone's.</param>
    /// <exception cref="Model.HoldfastException">There is no such place, or it is another's.</exception>
    ISnapshots OpenSnapshots(RunRequest? expected = null);
}
