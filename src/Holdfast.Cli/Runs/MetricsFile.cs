using System.Globalization;
using System.Text;
using Holdfast.Cli.Output;
using Holdfast.Core.Catalog;
using Holdfast.Core.Model;

namespace Holdfast.Cli.Runs;

/// <summary>How the jobs of the config stand, for Prometheus (text exposition format 0.0.4). Written whole or not at all.</summary>
internal static class MetricsFile
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private sealed record Metric(string Name, string Help, Func<CatalogRun, CatalogRun?, double?> Of);

    private static readonly Metric[] Metrics =
    [
        new("holdfast_last_run_timestamp_seconds", "When the last run began.", (last, _) => last.Started.ToUnixTimeSeconds()),
        new("holdfast_last_run_duration_seconds", "How long the last run took.", (last, _) => last.Duration.TotalSeconds),
        new("holdfast_last_run_outcome", "How the last run ended: 0 complete, 1 files are missing from it, 2 failed, 3 interrupted.", (last, _) => (int)last.Outcome),
        new("holdfast_last_success_timestamp_seconds", "When the last run began after which everything was safe.", (_, good) => good?.Started.ToUnixTimeSeconds()),
        new("holdfast_source_entries", "Files and folders of the source at the last run.", (last, _) => last.Files),
        new("holdfast_source_bytes", "Bytes of the source at the last run.", (last, _) => last.Bytes),
        new("holdfast_missing_paths", "Paths that are missing from the last run.", (last, _) => last.Failures),
    ];

    /// <summary>Writes the file the config names; none is written when it names none.</summary>
    public static void Write(Session session)
    {
        if (session.Config.Daemon.Metrics is not { } file)
            return;
        try
        {
            var text = CatalogDatabase.Use(session.StateFolder, catalog => Text(session, catalog), Patience);
            // The collector reads *.prom only, so it never sees half a file.
            File.WriteAllText(file + ".tmp", text);
            File.Move(file + ".tmp", file, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or HoldfastException)
        {
            ErrorPrinter.Remark(session, $"the metrics could not be written: {e.Message}");
        }
    }

    private static string Text(Session session, CatalogDatabase catalog)
    {
        var rows = (from job in session.Config.Jobs
                    from target in job.To
                    let last = catalog.Last(job.Name, target.ToString())
                    where last is not null
                    select (Labels: $"{{job=\"{Escaped(job.Name)}\",target=\"{Escaped(target.ToString())}\"}}", Last: last, Good: catalog.LastGood(job.Name, target.ToString()))).ToList();
        var text = new StringBuilder();
        foreach (var metric in Metrics)
        {
            text.Append(CultureInfo.InvariantCulture, $"# HELP {metric.Name} {metric.Help}\n# TYPE {metric.Name} gauge\n");
            foreach (var (labels, last, good) in rows)
                if (metric.Of(last, good) is { } value)
                    text.Append(CultureInfo.InvariantCulture, $"{metric.Name}{labels} {value}\n");
        }
        return text.ToString();
    }

    private static string Escaped(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
