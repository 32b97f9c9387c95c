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
        var tagged = _snapshots.Exists(s => s.Tags.Count > 0);
        var table = new Table([.. Columns(["Snapshot", "Time", "Client", "Job", ">Entries", ">Size", "Changes"], "Tags")]);
        foreach (var s in _snapshots)
            table.Add([.. Columns(Row(s), string.Join(", ", s.Tags))]);
        table.Write(output);
        output.WriteLine(Sizes.Count(_snapshots.Count, "snapshot"));

        // Most places have no tags; their table stays as narrow as it was.
        IEnumerable<string> Columns(string[] always, string tags) => tagged ? always.Append(tags) : always;
    }

    private static string[] Row(Snapshot s) =>
        [s.Id, Sizes.Time(s.Time), s.Client, s.Job, s.Statistics.Entries.ToString(CultureInfo.InvariantCulture), Sizes.Bytes(s.Statistics.Bytes), s.IsIncomplete ? "incomplete" : Changes(s.Statistics)];

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
