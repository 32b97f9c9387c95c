using System.Globalization;
using Holdfast.Core.Engine.Measuring;

namespace Holdfast.Cli.Output;

/// <summary>What a place holds, for people: a table of snapshots, then the totals.</summary>
internal sealed class UsageText(TextWriter output) : IPrinter<PlaceUsage>
{
    public void Print(PlaceUsage item)
    {
        if (item.Snapshots.Count == 0)
        {
            output.WriteLine("no snapshots yet");
            return;
        }
        var table = new Table("Snapshot", "Time", ">Entries", ">Size", ">Files added", ">Added");
        foreach (var s in item.Snapshots)
            table.Add(s.Snapshot.Id, Sizes.Time(s.Snapshot.Time), Number(s.Entries), Sizes.Bytes(s.Bytes), Number(s.FilesAdded), Sizes.Bytes(s.BytesAdded));
        table.Write(output);
        output.Labelled("snapshots", $"{item.Snapshots.Count}, {Sizes.Bytes(item.BytesListed)} if each were a copy of its own");
        output.Labelled("stored", $"{Sizes.Count(item.FilesStored, "file")}, {Sizes.Bytes(item.BytesStored)}");
        output.Labelled("saved", $"{Sizes.Bytes(item.BytesSaved)} by links{Percent(item.BytesSaved, item.BytesListed)}");
        output.Labelled("equal", $"{Sizes.Bytes(item.BytesStored - item.BytesDistinct)} of what is stored are copies of other files in it{Percent(item.BytesStored - item.BytesDistinct, item.BytesStored)}");
        output.Labelled("growth", item.GrowthPerDay is { } day ? $"{Sizes.Bytes((long)day)} a day, {Sizes.Bytes((long)(day * PlaceUsage.DaysOfMonth))} a month, over {item.Span.TotalDays.ToString("F1", CultureInfo.InvariantCulture)} days" : "unknown until there are snapshots of two days");
    }

    public void Finish()
    {
    }

    private static string Percent(long part, long whole) =>
        whole == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" ({100.0 * part / whole:F1} %)");

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
