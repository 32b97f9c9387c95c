using System.Text.Json;
using Holdfast.Core.Catalog;

namespace Holdfast.Core.Jobs.Reports;

/// <summary>The runs that kept reports tell of: what a new catalog begins with.</summary>
public static class KeptRuns
{
    /// <summary>One for each target of each report in the state folder, oldest first; a report that cannot be read is left out.</summary>
    public static IReadOnlyList<CatalogRun> Of(string stateFolder)
    {
        var folder = Path.Combine(stateFolder, "runs");
        if (!Directory.Exists(folder))
            return [];
        return [.. Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal).SelectMany(Read)];
    }

    private static IReadOnlyList<CatalogRun> Read(string file)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(file));
            return Runs(document.RootElement);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return [];
        }
    }

    private static List<CatalogRun> Runs(JsonElement report)
    {
        var (source, missing) = (report.GetProperty("source"), report.GetProperty("missing").GetInt64());
        return [.. report.GetProperty("targets").EnumerateArray().Select(target => new CatalogRun(
            report.GetProperty("job").GetString()!,
            target.GetProperty("target").GetString()!,
            target.GetProperty("place").GetString(),
            target.GetProperty("snapshot").GetString(),
            report.GetProperty("started").GetDateTimeOffset(),
            TimeSpan.FromSeconds(report.GetProperty("seconds").GetDouble()),
            target.TryGetProperty("failure", out _) ? RunOutcome.Failed : missing > 0 ? RunOutcome.WithGaps : RunOutcome.Complete,
            source.GetProperty("files").GetInt64() + source.GetProperty("folders").GetInt64() + source.GetProperty("others").GetInt64(),
            source.GetProperty("bytes").GetInt64(),
            missing))];
    }
}
