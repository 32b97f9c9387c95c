using Holdfast.Core.Jobs;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;

namespace Holdfast.Cli.Places;

/// <summary>From what was typed, a job's name or a target, to the targets it stands for.</summary>
internal static class TargetChoice
{
    /// <summary>The targets: the one that was typed, or those of the job.</summary>
    /// <exception cref="HoldfastException">It is no target, and there is no such job.</exception>
    public static IReadOnlyList<TargetAddress> All(Session session, string place)
    {
        if (LooksLikeTarget(place))
            return [TargetOpening.Parse(session, place)];
        var job = session.Config.Find(place);
        job.RequireSupported();
        return job.To;
    }

    /// <summary>The same, to be worked with.</summary>
    /// <exception cref="HoldfastException">It is no target, there is no such job, or one of its files cannot be read.</exception>
    public static IReadOnlyList<IPlaceTarget> Targets(Session session, string place) => [.. All(session, place).Select(address => Open(session, place, address))];

    /// <summary>One of them.</summary>
    public static IPlaceTarget Open(Session session, string place, TargetAddress address) =>
        FindJob(session, place) is { } job ? TargetOpening.Open(session, address, job.Options.Layout) : TargetOpening.Open(session, address);

    /// <summary>The snapshots of the first target that can be reached: a job may have a disk at home and one elsewhere.</summary>
    /// <exception cref="HoldfastException">None can be; says why the first could not.</exception>
    public static ISnapshots Snapshots(Session session, string place)
    {
        HoldfastException? first = null;
        foreach (var address in All(session, place))
            try
            {
                return Open(session, place, address).OpenSnapshots();
            }
            catch (HoldfastException e) when (e.Kind == ErrorKind.NoPlace)
            {
                first ??= e;
            }
        throw first!;
    }

    /// <summary>The job that was typed; null for a target.</summary>
    /// <exception cref="HoldfastException">It is no target, and there is no such job.</exception>
    public static Job? FindJob(Session session, string place) => LooksLikeTarget(place) ? null : session.Config.Find(place);

    private static bool LooksLikeTarget(string place) => place.Contains(':') || place.Contains('/') || place is "." or "~";
}
