using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;
using Holdfast.Mirror.History;

namespace Holdfast.Mirror.Forgetting;

/// <summary>Forgets snapshots of a locked place: each run of them that lies together is merged into the next one that stays.</summary>
internal static class Forget
{
    public static IReadOnlyList<Snapshot> Run(IFolder place, FileSystemTraits traits, Func<IReadOnlyList<Snapshot>, IReadOnlyList<Snapshot>> choose, CancellationToken cancellationToken)
    {
        Merge.Recover(place, traits);
        PathForget.Recover(place);
        var increments = Increment.List(place);
        var chosen = choose([.. increments.Select(i => i.Describe(place))]);
        var goes = chosen.Select(s => s.Number).ToHashSet();
        if (increments.Count > 0 && goes.Contains(increments[^1].Number))
            throw new HoldfastException(ErrorKind.Usage, $"{increments[^1].Id} is the newest snapshot: it is what lies in mirror/ and is never forgotten.", "Name older snapshots.");

        Increment? before = null;
        var group = new List<Increment>();
        foreach (var increment in increments)
        {
            group.Add(increment);
            if (goes.Contains(increment.Number))
                continue;
            if (group.Count > 1)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Merge.Complete(place, traits, MergePlan.Make(place, group, before, cancellationToken));
            }
            group.Clear();
            before = increment;
        }
        return chosen;
    }
}
