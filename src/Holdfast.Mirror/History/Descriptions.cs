using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;
using Holdfast.Mirror.Record;

namespace Holdfast.Mirror.History;

/// <summary>
/// What the increments of a place say of themselves. Where one says nothing any more, its name and its neighbours stand in, so
/// that a few bytes lost do not hide everything that is there.
/// </summary>
internal sealed class Descriptions
{
    private readonly Dictionary<long, IncrementDescription> _all = [];

    private readonly List<string> _warnings = [];

    private Descriptions()
    {
    }

    /// <summary>What a reader has to know, a sentence each.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    /// <param name="place">The place.</param>
    /// <param name="increments">All of it, oldest first.</param>
    /// <exception cref="HoldfastException">A description was written by a newer version.</exception>
    public static Descriptions Read(IFolderReader place, IReadOnlyList<Increment> increments)
    {
        var read = new Descriptions();
        for (var i = 0; i < increments.Count; i++)
        {
            if (increments[i].TryReadDescription(place, out var problem) is not { } description)
            {
                read._warnings.Add($"{problem} Its time is taken from its name, its numbers are unknown; 'holdfast repair' writes it anew");
                description = StandIn(place, increments[i], i == 0 ? null : increments[i - 1].Number);
            }
            read._all.Add(increments[i].Number, description);
        }
        read._warnings.AddRange(Chain.Warnings(place, increments, i => read._all[i.Number].Parent));
        return read;
    }

    public Snapshot SnapshotOf(Increment increment) => increment.Describe(_all[increment.Number]);

    /// <summary>What the name of an increment and the marker of its place tell.</summary>
    public static IncrementDescription StandIn(IFolderReader place, Increment increment, long? parent)
    {
        var marker = PlaceMarker.TryRead(place);
        return new IncrementDescription
        {
            Number = increment.Number,
            Parent = parent,
            Time = MirrorLayout.TimeOf(increment.Id),
            Client = marker?.Client ?? "",
            Job = marker?.Job ?? "",
            Statistics = new SnapshotStatistics(),
        };
    }
}
