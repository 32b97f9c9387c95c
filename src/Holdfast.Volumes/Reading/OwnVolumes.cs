using Holdfast.Core.Model;
using Holdfast.Volumes.Database;
using Holdfast.Volumes.Places;

namespace Holdfast.Volumes.Reading;

/// <summary>
/// Which of the volumes that lie in a place are its own, a number each. One that somebody put there from another place, or a
/// lost one that came back after its number was given again, is left alone: nothing of it is listed, and nothing removes it.
/// </summary>
internal sealed class OwnVolumes(VolumeDatabase database, VolumeReading reading, IReadOnlyCollection<string> placeIds, Action<string> remark)
{
    /// <summary>The place's own, oldest first.</summary>
    /// <param name="there">All that lie there.</param>
    /// <param name="asKnown">Those the database knows by this name need not be looked into.</param>
    /// <exception cref="HoldfastException">The passphrase does not fit.</exception>
    public List<VolumeName> Among(IReadOnlyList<VolumeName> there, bool asKnown)
    {
        var known = asKnown ? database.Volumes().Where(v => v.IsThere || v.IsDamaged).Select(v => v.Name).ToHashSet() : [];
        var own = new List<VolumeName>();
        foreach (var number in there.GroupBy(v => v.Number).OrderBy(g => g.Key))
            if (number.FirstOrDefault(known.Contains) is { } familiar)
                own.Add(Only(familiar, number));
            else if (Newest([.. number.Where(IsOwn)]) is { } chosen)
                own.Add(Only(chosen, number));
        return own;
    }

    private VolumeName Only(VolumeName chosen, IEnumerable<VolumeName> candidates)
    {
        foreach (var other in candidates.Where(c => c != chosen && IsOwn(c)))
            remark($"the volume {other} is not used: {chosen} has the same number");
        return chosen;
    }

    /// <summary>A volume that cannot be read counts as the place's: it has to be named.</summary>
    private bool IsOwn(VolumeName name)
    {
        try
        {
            if (placeIds.Contains(reading.ReadPlan(name).Place))
                return true;
            remark($"the volume {name} belongs to another place and is left alone");
            return false;
        }
        catch (DamagedVolumeException)
        {
            return true;
        }
        catch (HoldfastException e) when (e.Kind == ErrorKind.WrongPassword)
        {
            return true; // Whoever reads it finds out what that means.
        }
    }

    /// <summary>Of several with one number, the one of the newest run; one that can be read before one that cannot.</summary>
    // After a lost database a run's number may have been given again too. Then only the clock is left to tell.
    private VolumeName? Newest(IReadOnlyList<VolumeName> names) => names.Count < 2 ? names.FirstOrDefault() : names.MaxBy(n => (RunOf(n), n.Time));

    private long RunOf(VolumeName name)
    {
        try
        {
            return reading.ReadPlan(name).Run;
        }
        catch (Exception e) when (e is DamagedVolumeException || (e is HoldfastException and not (Stores.StoreException or Codec.Children.ProgramException)))
        {
            return 0;
        }
    }
}
