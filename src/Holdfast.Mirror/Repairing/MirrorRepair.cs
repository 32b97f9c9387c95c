using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;
using Holdfast.Mirror.Forgetting;

namespace Holdfast.Mirror.Repairing;

/// <summary>Mends a place: its records first, since they say which contents there are to be.</summary>
internal static class MirrorRepair
{
    /// <summary>Repairs a place, which is locked unless nothing is to be written.</summary>
    /// <exception cref="HoldfastException">An intact record was named without force, or there is no such snapshot.</exception>
    public static void Run(IFolder place, FileSystemTraits traits, RepairOptions options, Action<Repaired> repaired, CancellationToken cancellationToken)
    {
        if (!options.DryRun)
        {
            Merge.Recover(place, traits);
            PathForget.Recover(place);
            FolderTree.Delete(place, MirrorLayout.Repair);
        }
        var records = new RecordRepair(place, traits, options, repaired);
        if (records.Run(cancellationToken))
            ContentRepair.Run(place, traits, options, repaired, cancellationToken);
    }

    /// <summary>A folder for what people may want back, which nobody has used yet.</summary>
    public static EntryPath NewRescuedFolder(IFolder place)
    {
        for (var i = 1; ; i++)
            if (MirrorLayout.Rescued.Child(System.Text.Encoding.ASCII.GetBytes(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"repair-{i}"))) is var free && place.TryStat(free) is null)
                return free;
    }
}
