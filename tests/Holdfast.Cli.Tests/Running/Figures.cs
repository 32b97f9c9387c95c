using System.Globalization;
using System.Text.Json;

namespace Holdfast.Cli.Tests.Running;

/// <summary>What <c>status --json</c> says of a job, and what the metrics say.</summary>
internal static class Figures
{
    /// <summary>Fails unless every figure they share is the same in both.</summary>
    public static void ShouldAgree(string metrics, JsonElement job)
    {
        var name = job.GetProperty("job").GetString();
        Time(Value("holdfast_next_run_timestamp_seconds", $"job=\"{name}\"")).ShouldBe(Seconds(job, "next"));
        foreach (var target in job.GetProperty("targets").EnumerateArray())
        {
            var labels = $"job=\"{name}\",target=\"{target.GetProperty("target").GetString()}\"";
            Time(Value("holdfast_last_success_timestamp_seconds", labels)).ShouldBe(Seconds(target, "last_good"));
            Time(Value("holdfast_last_run_timestamp_seconds", labels)).ShouldBe(Seconds(target, "last_run"));
            Time(Value("holdfast_last_drill_timestamp_seconds", labels)).ShouldBe(Seconds(target, "last_drill"));
            Value("holdfast_last_drill_files", labels).ShouldBe(Number(target, "drill_files"));
            Value("holdfast_last_drill_failures", labels).ShouldBe(Number(target, "drill_failures"));
            var outcome = Value("holdfast_last_run_outcome", labels) switch { "0" => "complete", "1" => "incomplete", "2" => "failed", "3" => "interrupted", _ => null };
            outcome.ShouldBe(target.GetProperty("last_outcome").GetString());
        }

        string? Value(string metric, string labels) =>
            metrics.Split('\n').SingleOrDefault(l => l.StartsWith($"{metric}{{{labels}}} ", StringComparison.Ordinal)) is { } line ? line[(line.LastIndexOf(' ') + 1)..] : null;
    }

    private static DateTimeOffset? Time(string? seconds) => seconds is null ? null : DateTimeOffset.FromUnixTimeSeconds(long.Parse(seconds, CultureInfo.InvariantCulture));

    private static DateTimeOffset? Seconds(JsonElement of, string name) =>
        of.GetProperty(name).ValueKind is JsonValueKind.Null ? null : DateTimeOffset.FromUnixTimeSeconds(of.GetProperty(name).GetDateTimeOffset().ToUnixTimeSeconds());

    private static string? Number(JsonElement of, string name) => of.TryGetProperty(name, out var number) ? number.GetRawText() : null;
}
