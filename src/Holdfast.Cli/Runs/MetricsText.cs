using System.Globalization;
using System.Text;
using Holdfast.Core.Catalog;
using Holdfast.Core.Jobs.Reports;

namespace Holdfast.Cli.Runs;

/// <summary>How the jobs of the config stand, for Prometheus (text exposition format 0.0.4).</summary>
internal static class MetricsText
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private sealed record Row(string Labels, CatalogRun Last, CatalogRun? Good, Drill? Drill);

    private sealed record Metric(string Name, string Help, Func<Row, double?> Of);

    private static readonly Metric[] Metrics =
    [
        new("holdfast_last_run_timestamp_seconds", "When the last run began.", r => r.Last.Started.ToUnixTimeSeconds()),
        new("holdfast_last_run_duration_seconds", "How long the last run took.", r => r.Last.Duration.TotalSeconds),
        new("holdfast_last_run_outcome", "How the last run ended: 0 complete, 1 files are missing from it, 2 failed, 3 interrupted.", r => (int)r.Last.Outcome),
        new("holdfast_last_success_timestamp_seconds", "When the last run began after which everything was safe.", r => r.Good?.Started.ToUnixTimeSeconds()),
        new("holdfast_source_entries", "Files and folders of the source at the last run.", r => r.Last.Files),
        new("holdfast_source_bytes", "Bytes of the source at the last run.", r => r.Last.Bytes),
        new("holdfast_missing_paths", "Paths that are missing from the last run.", r => r.Last.Failures),
        new("holdfast_last_drill_timestamp_seconds", "When files were last restored to see whether they come back.", r => r.Drill?.Time.ToUnixTimeSeconds()),
        new("holdfast_last_drill_failures", "Files that did not come back then.", r => r.Drill?.Failures),
    ];

    /// <summary>The whole text.</summary>
    /// <exception cref="Core.Model.HoldfastException">The catalog cannot be read now.</exception>
    public static string Of(Session session) => CatalogDatabase.Use(session.StateFolder, catalog => Text(session, catalog), Patience);

    private static string Text(Session session, CatalogDatabase catalog)
    {
        var drills = DrillLog.Last(session.StateFolder);
        var rows = (from job in session.Config.Jobs
                    from target in job.To
                    let last = catalog.Last(job.Name, target.ToString())
                    where last is not null
                    select new Row($"{{job=\"{Escaped(job.Name)}\",target=\"{Escaped(target.ToString())}\"}}", last, catalog.LastGood(job.Name, target.ToString()), drills.GetValueOrDefault(target.ToString()))).ToList();
        var text = new StringBuilder();
        foreach (var metric in Metrics)
        {
            text.Append(CultureInfo.InvariantCulture, $"# HELP {metric.Name} {metric.Help}\n# TYPE {metric.Name} gauge\n");
            foreach (var row in rows)
                if (metric.Of(row) is { } value)
                    text.Append(CultureInfo.InvariantCulture, $"{metric.Name}{row.Labels} {value}\n");
        }
        return text.ToString();
    }

    private static string Escaped(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
