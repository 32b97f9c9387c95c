namespace Holdfast.Core.Targets;

/// <summary>A target that is a place of its own: it can be made, backed up to, and read.</summary>
public interface IPlaceTarget : IBackupTarget
{
    /// <summary>Makes an absent or empty folder a place, or says why not.</summary>
    /// <param name="request">Whose place it becomes.</param>
    /// <param name="adopt">Take over what is there already.</param>
    /// <param name="newId">Give an existing place a new id, because it is a clone of another.</param>
    /// <returns>The marker.</returns>
    /// <exception cref="Model.HoldfastException">The folder holds something else.</exception>
    PlaceMarker Init(RunRequest request, bool adopt = false, bool newId = false);

    /// <summary>Opens the snapshots for reading; works on a read-only disk and on any machine.</summary>
    /// <exception cref="Model.HoldfastException">There is no such place.</exception>
    ISnapshots OpenSnapshots();

    /// <summary>The same of the place that a job means: another one under the same name is refused (promise 8).</summary>
    /// <param name="request">Whose place it must be; null for anybody's.</param>
    /// <exception cref="Model.HoldfastException">There is no such place, or it is another's.</exception>
    ISnapshots OpenSnapshots(RunRequest? request);
}
