using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Mirror.History;
using Holdfast.Mirror.Record;

namespace Holdfast.Mirror.Verifying;

/// <summary>
/// The dates of what was read back, for contents that are about to stand in another record: of increments that become one, or
/// that some files leave. They stay the same files, so nobody has to read them again.
/// </summary>
/// <param name="place">The place, locked.</param>
/// <param name="increments">The increments as they are.</param>
internal sealed class CarriedDates(IFolder place, IReadOnlyList<Increment> increments)
{
    private readonly VerifiedDates.Cursor _dates = VerifiedDates.Read(place, increments).InOrder();
    private readonly VerifiedRanges _ranges = new();

    /// <summary>A line of a new record, in path order for each increment.</summary>
    /// <param name="line">The line.</param>
    /// <param name="broughtBy">Number of the increment that has its contents now; null when none has.</param>
    /// <param name="becomes">Number of the one that will have them.</param>
    public void Add(RecordLine line, long? broughtBy, long becomes)
    {
        if (line is not { BringsContent: true, Entry.Type: EntryType.File })
            return;
        if (broughtBy is { } number && _dates.Of(number, line.Path) is { } at)
            _ranges.Add(becomes, line.Path, at);
        else
            _ranges.Break(becomes);
    }

    /// <summary>
    /// Writes them down. Invariant: before the intent, since a crash after it would forget them; until the new records count
    /// their sums are no record's, so the dates say nothing.
    /// </summary>
    /// <param name="recordOf">Where the new record of an increment lies.</param>
    public void Write(Func<Increment, EntryPath> recordOf)
    {
        var all = Increment.List(place);
        var taken = _ranges.Take(all.ToDictionary(i => i.Number), i => Increment.SumOf(place, recordOf(i)));
        if (taken.Count > 0)
            VerifiedDates.Add(place, all, taken);
    }
}
