using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Holdfast.Core.Engine;
using Holdfast.Core.Model;

namespace Holdfast.Core.Jobs.Reports;

/// <summary>The report of a run as one JSON object: printed with --json, kept in the state folder and in the place.</summary>
public static class RunReportJson
{
    /// <summary>Version of the form.</summary>
    public const int Form = 1;

    // Not for HTML: names stay readable.
    private static readonly JavaScriptEncoder Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    /// <summary>UTF-8 JSON.</summary>
    /// <param name="report">The run.</param>
    /// <param name="indented">For files that people open; otherwise one line without its end.</param>
    public static byte[] ToUtf8(RunReport report, bool indented)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = indented, Encoder = Encoder }))
            Write(json, report);
        return buffer.WrittenSpan.ToArray();
    }

    private static void Write(Utf8JsonWriter json, RunReport report)
    {
        var counters = report.Counters;
        json.WriteStartObject();
        json.WriteString("type", "report");
        json.WriteNumber("form", Form);
        json.WriteString("job", report.Job);
        json.WriteString("client", report.Client);
        json.WriteStartArray("sources");
        foreach (var source in report.Sources)
            json.WriteStringValue(source);
        json.WriteEndArray();
        json.WriteString("started", report.Started.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'"));
        json.WriteNumber("seconds", Math.Round(report.Duration.TotalSeconds, 3));
        json.WriteBoolean("dry_run", report.DryRun);
        json.WriteBoolean("complete", report.IsComplete);
        WriteSource(json, counters);
        WriteRules(json, counters);
        json.WriteStartArray("targets");
        foreach (var target in report.Targets)
            Write(json, target);
        json.WriteEndArray();
        WriteFailures(json, counters);
        json.WriteEndObject();
    }

    private static void WriteSource(Utf8JsonWriter json, RunCounters counters)
    {
        json.WriteStartObject("source");
        json.WriteNumber("files", counters.Files);
        json.WriteNumber("folders", counters.Folders);
        json.WriteNumber("others", counters.Others);
        json.WriteNumber("bytes", counters.Bytes);
        json.WriteNumber("files_read", counters.FilesDone);
        json.WriteNumber("bytes_read", counters.BytesDone);
        json.WriteNumber("vanished", counters.VanishedFiles);
        json.WriteEndObject();
    }

    private static void WriteRules(Utf8JsonWriter json, RunCounters counters)
    {
        json.WriteStartObject("left_out");
        foreach (var (name, count) in RuleCounts.Of(counters.Scan))
            json.WriteNumber(name.Key, count);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, TargetReport target)
    {
        json.WriteStartObject();
        json.WriteString("target", target.Target);
        json.WriteString("place", target.PlaceId);
        json.WriteString("snapshot", target.Snapshot?.Id);
        StatisticsJson.Write(json, target.Statistics);
        json.WriteNumber("mended", target.Mended);
        json.WriteStartArray("remarks");
        foreach (var remark in target.Remarks)
            json.WriteStringValue(remark);
        json.WriteEndArray();
        if (target.Figures.Count > 0)
        {
            json.WriteStartObject("figures");
            foreach (var figures in target.Figures.GroupBy(f => f.Key, StringComparer.Ordinal))
                json.WriteString(figures.Key, string.Join(", ", figures.Select(f => f.Value)));
            json.WriteEndObject();
        }
        if (target.Failure is { } failure)
            json.WriteString("failure", failure.Message);
        json.WriteEndObject();
    }

    private static void WriteFailures(Utf8JsonWriter json, RunCounters counters)
    {
        json.WriteNumber("missing", counters.FailureCount);
        json.WriteStartArray("missing_paths");
        foreach (var failure in counters.Failures)
        {
            json.WriteStartObject();
            json.WriteString("path", failure.Path.ToString());
            json.WriteString("reason", failure.Reason);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
