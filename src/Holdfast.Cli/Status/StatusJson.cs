using System.Text.Json;
using Holdfast.Cli.Output;
using Holdfast.Core.Catalog;

namespace Holdfast.Cli.Status;

/// <summary>How jobs stand, an object each.</summary>
internal sealed class StatusJson(Stream output) : IPrinter<JobStatus>
{
    public void Print(JobStatus item) => JsonLine.Write(output, json =>
    {
        json.WriteString("type", "job");
        Known(json, item);
        json.WriteStartArray("targets");
        foreach (var target in item.Targets)
            Target(json, target);
        json.WriteEndArray();
    });

    /// <summary>What is known of jobs without a look at their places: an object with an array <c>jobs</c>.</summary>
    public static byte[] OfItself(IReadOnlyList<JobStatus> jobs)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteStartArray("jobs");
            foreach (var job in jobs)
            {
                json.WriteStartObject();
                Known(json, job);
                json.WriteStartArray("targets");
                foreach (var target in job.Targets)
                {
                    json.WriteStartObject();
                    json.WriteString("target", target.Name);
                    Known(json, target);
                    json.WriteEndObject();
                }
                json.WriteEndArray();
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return stream.ToArray();
    }

    public void Finish()
    {
    }

    private static void Target(Utf8JsonWriter json, TargetStatus target)
    {
        json.WriteStartObject();
        json.WriteString("target", target.Name);
        json.WriteBoolean("connected", target.Connected is not null);
        json.WriteString("problem", target.Problem);
        json.WriteString("place", target.Connected?.Id);
        if (target.Connected is { } place)
        {
            json.WriteNumber("snapshots", place.Snapshots);
            Time(json, "newest", place.Newest);
            if (place.Verification is { } state)
            {
                json.WriteNumber("bytes", state.Bytes);
                json.WriteNumber("bytes_never_read_back", state.NeverBytes);
                Time(json, "oldest_read_back", state.Oldest);
            }
        }
        Known(json, target);
        json.WriteStartArray("not_connected");
        foreach (var other in target.Others)
            Other(json, other);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Known(Utf8JsonWriter json, JobStatus item)
    {
        json.WriteString("job", item.Job.Name);
        json.WriteString("problem", item.Problem);
        Time(json, "last_good", item.LastGood);
        json.WriteString("schedule", item.Job.Schedule);
        Time(json, "next", item.NextRun);
        json.WriteBoolean("daemon", item.Daemon.IsAlive);
        json.WriteBoolean("running", item.Daemon.IsRunning);
        Time(json, "paused_until", item.Daemon.PausedUntil);
    }

    private static void Known(Utf8JsonWriter json, TargetStatus target)
    {
        Time(json, "last_good", target.LastGood?.Started);
        Time(json, "last_run", target.Last?.Started);
        json.WriteString("last_outcome", target.Last is { } last ? Word(last.Outcome) : null);
        Time(json, "last_drill", target.Drill?.Time);
        if (target.Drill is { } drill)
        {
            json.WriteNumber("drill_files", drill.Files);
            json.WriteNumber("drill_failures", drill.Failures);
        }
    }

    private static void Other(Utf8JsonWriter json, CatalogPlace place)
    {
        json.WriteStartObject();
        json.WriteString("place", place.Id);
        Time(json, "seen", place.Seen);
        json.WriteNumber("snapshots", place.Snapshots);
        Time(json, "newest", place.Newest);
        json.WriteEndObject();
    }

    private static string Word(RunOutcome outcome) => outcome switch
    {
        RunOutcome.Complete => "complete",
        RunOutcome.WithGaps => "incomplete",
        RunOutcome.Interrupted => "interrupted",
        _ => "failed",
    };

    private static void Time(Utf8JsonWriter json, string name, DateTimeOffset? time)
    {
        if (time is { } moment)
            json.WriteTime(name, moment);
        else
            json.WriteNull(name);
    }
}
