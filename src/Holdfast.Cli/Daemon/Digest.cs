using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Holdfast.Cli.Output;
using Holdfast.Cli.Runs;
using Holdfast.Core.Catalog;
using Holdfast.Core.Jobs;
using Holdfast.Core.Jobs.Notifying;
using Holdfast.Core.Jobs.Reports;

namespace Holdfast.Cli.Daemon;

/// <summary>What ran since the last digest: a line a job.</summary>
internal static class Digest
{
    private const int Most = 10_000;

    /// <summary>Makes it.</summary>
    /// <param name="config">The config.</param>
    /// <param name="catalog">Knows the runs.</param>
    /// <param name="drills">The last restore drill of each target.</param>
    /// <param name="since">The last digest.</param>
    /// <param name="now">The present, as the clock on the wall shows it.</param>
    public static Notice Of(HoldfastConfig config, CatalogDatabase catalog, IReadOnlyDictionary<string, Drill> drills, DateTimeOffset since, DateTimeOffset now)
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"What ran since {Sizes.Time(since)}:\n\n");
        var jobs = new JsonArray();
        foreach (var job in config.Jobs)
        {
            var runs = catalog.Runs(job.Name, Most).Where(r => r.Started > since).ToList();
            var failed = runs.Count(r => r.Outcome is RunOutcome.Failed or RunOutcome.Interrupted);
            var gaps = runs.Count(r => r.Outcome is RunOutcome.WithGaps);
            var good = catalog.LastGood(job.Name)?.Started;
            text.Append(CultureInfo.InvariantCulture, $"{job.Name}: {Sizes.Count(runs.Count, "run")}{Also(failed, "failed")}{Also(gaps, "left files out")}; the last good one {(good is { } time ? Sizes.Time(time) : "never")}\n");
            foreach (var target in job.To.Select(t => t.ToString()))
                text.Append(CultureInfo.InvariantCulture, $"  {target}: last proven {LastProofs.Words(drills.GetValueOrDefault(target))}\n");
            jobs.Add((JsonNode)new JsonObject { ["job"] = job.Name, ["runs"] = runs.Count, ["failed"] = failed, ["incomplete"] = gaps, ["last_good"] = good?.ToString("O") });
        }
        text.Append("\n'holdfast status' shows every copy.\n");
        return new Notice(NoticeKind.Digest, "digest", config.Client, HasChanges: false, text.ToString(), new JsonObject { ["type"] = "digest", ["since"] = since.ToString("O"), ["jobs"] = jobs }, now);
    }

    private static string Also(int count, string what) => count == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", {count} {what}");
}
