using System.Globalization;
using Holdfast.Core.Targets;

namespace Holdfast.Cli.Output;

/// <summary>Snapshots as a table.</summary>
internal sealed class SnapshotText(TextWriter output) : IPrinter<Snapshot>
{
    private readonly List<Snapshot> _snapshots = [];

    public void Print(Snapshot item) => _snapshots.Add(item);

    public void Finish()
    {
        if (_snapshots.Count == 0)
        {
            output.WriteLine("no snapshots yet");
            return;
        }
        var table = new Table("Snapshot", "Time", "Client", "Job", ">Entries", ">Size", "Changes");
        foreach (var s in _snapshots)
            table.Add(s.Id, Sizes.Time(s.Time), s.Client, s.Job, s.Statistics.Entries.ToString(CultureInfo.InvariantCulture), Sizes.Bytes(s.Statistics.Bytes), s.IsIncomplete ? "incomplete" : Changes(s.Statistics));
        table.Write(output);
        output.WriteLine(Sizes.Count(_snapshots.Count, "snapshot"));
    }

    /// <summary><c>+3 ~1 -2 →1</c>: new, changed, deleted, moved.</summary>
    private static string Changes(SnapshotStatistics s)
    {
        var parts = new List<string>();
        Add("+", s.New);
        Add("~", s.Changed + s.Metadata);
        Add("-", s.Deleted);
        Add("→", s.Moved);
        return string.Join(' ', parts);

        void Add(string sign, long count)
        {
            if (count > 0)
                parts.Add(sign + count.ToString(CultureInfo.InvariantCulture));
        }
    }
}
