using System.Globalization;
using System.Text;
using Holdfast.Cli.Status;

namespace Holdfast.Cli.Runs;

/// <summary>How the jobs of the config stand, for Prometheus (text exposition format 0.0.4).</summary>
internal static class MetricsText
{
    private sealed record Metric(string Name, string Help, Func<TargetStatus, double?> Of);

    private static readonly Metric[] Metrics =
    [
        new("holdfast_last_run_timestamp_seconds", "When the last run began.", t => t.Last?.Started.ToUnixTimeSeconds()),
        new("holdfast_last_run_duration_seconds", "How long the last run took.", t => t.Last?.Duration.TotalSeconds),
        new("holdfast_last_run_outcome", "How the last run ended: 0 complete, 1 files are missing from it, 2 failed, 3 interrupted.", t => (int?)t.Last?.Outcome),
        new("holdfast_last_success_timestamp_seconds", "When the last run began after which everything was safe.", t => t.LastGood?.Started.ToUnixTimeSeconds()),
        new("holdfast_source_entries", "Files and folders of the source at the last run.", t => t.Last?.Files),
        new("holdfast_source_bytes", "Bytes of the source at the last run.", t => t.Last?.Bytes),
        new("holdfast_missing_paths", "Paths that are missing from the last run.", t => t.Last?.Failures),
        new("holdfast_last_drill_timestamp_seconds", "When files were last restored to see whether they come back.", t => t.Drill?.Time.ToUnixTimeSeconds()),
        new("holdfast_last_drill_files", "Files that came back then.", t => t.Drill?.Files),
        new("holdfast_last_drill_failures", "Files that did not come back then.", t => t.Drill?.Failures),
    ];

    /// <summary>The whole text.</summary>
    /// <exception cref="Core.Model.HoldfastException">The catalog cannot be read now.</exception>
    public static string Of(Session session)
    {
        var jobs = new StatusQuery(session).OfItself(session.Config.Jobs);
        var text = new StringBuilder();
        foreach (var metric in Metrics)
        {
            Head(text, metric.Name, metric.Help);
            foreach (var job in jobs)
                foreach (var target in job.Targets)
                    if (metric.Of(target) is { } value)
                        text.Append(CultureInfo.InvariantCulture, $"{metric.Name}{{job=\"{Escaped(job.Job.Name)}\",target=\"{Escaped(target.Name)}\"}} {value}\n");
        }
        const string next = "holdfast_next_run_timestamp_seconds";
        Head(text, next, "When the schedule is due.");
        foreach (var job in jobs)
            if (job.NextRun is { } due)
                text.Append(CultureInfo.InvariantCulture, $"{next}{{job=\"{Escaped(job.Job.Name)}\"}} {due.ToUnixTimeSeconds()}\n");
        return text.ToString();
    }

    private static void Head(StringBuilder text, string name, string help) => text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} gauge\n");

    private static string Escaped(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
