using System.Security.Cryptography;
using System.Text;

namespace Holdfast.Core.Jobs.Scheduling;

/// <summary>
/// Decides which jobs begin. It knows no clock and starts nothing: whoever asks says what time it is, so sleep, summer time
/// and a clock that is set are a matter of what is asked next. A time that was missed is caught up once, however often it was missed.
/// </summary>
public sealed class Scheduler(TimeZoneInfo zone, string client)
{
    private const int NoPlace = 10; // The exit code of a run whose disk was not there.
    private readonly Dictionary<string, JobHistory> _history = new(StringComparer.Ordinal);
    private readonly HashSet<string> _running = new(StringComparer.Ordinal);

    /// <summary>What is remembered, by the job's name.</summary>
    public IReadOnlyDictionary<string, JobHistory> History => _history;

    /// <summary>The most a time of a schedule is put off.</summary>
    public TimeSpan Jitter { get; set; }

    /// <summary>Takes over what an earlier daemon remembered. A run it did not see the end of was cut off and is wanted again.</summary>
    public void Remember(string job, JobHistory history) =>
        _history[job] = history.IsRunning ? history with { IsRunning = false, IsWanted = true } : history;

    /// <summary>Learns of runs that somebody else began.</summary>
    public void Saw(string job, DateTimeOffset? started, DateTimeOffset? good, DateTimeOffset now)
    {
        var history = Of(job, now);
        _history[job] = history with { LastStarted = Later(history.LastStarted, started), LastGood = Later(history.LastGood, good) };
    }

    /// <summary>The jobs to begin now, in the order of the config: two that share a place never run at once.</summary>
    /// <param name="jobs">All jobs of the config.</param>
    /// <param name="now">The present.</param>
    /// <param name="isConnected">Whether all places of a job are there.</param>
    public IReadOnlyList<Job> Due(IReadOnlyList<Job> jobs, DateTimeOffset now, Func<Job, bool> isConnected)
    {
        var busy = jobs.Where(j => _running.Contains(j.Name)).SelectMany(j => j.To).ToHashSet();
        var due = new List<Job>();
        foreach (var job in jobs.Where(j => j.Schedule is not null && !_running.Contains(j.Name)))
        {
            Look(job, now, isConnected(job));
            if (!IsDue(job, now) || job.To.Any(busy.Contains))
                continue;
            busy.UnionWith(job.To);
            due.Add(job);
        }
        return due;
    }

    /// <summary>When its schedule's time comes; in the past when it was missed, null when no time decides.</summary>
    public DateTimeOffset? NextTime(Job job, DateTimeOffset now)
    {
        var history = Of(job.Name, now);
        if (job.Schedule is not { } schedule || schedule is "on-mount")
            return null;
        if (history.LastStarted is null && schedule.StartsWith("every ", StringComparison.Ordinal))
            return history.FirstSeen;
        var last = history.LastStarted ?? history.FirstSeen;
        return ScheduleTimes.Next(schedule, last, last, zone) is { } time ? time + PutOff(job.Name, time) : null;
    }

    /// <summary>The job began.</summary>
    public void Started(string job, DateTimeOffset now)
    {
        _running.Add(job);
        _history[job] = Of(job, now) with { LastStarted = now, IsRunning = true, IsWanted = false };
    }

    /// <summary>The job came to its end.</summary>
    /// <param name="job">Its name.</param>
    /// <param name="now">The present.</param>
    /// <param name="code">The exit code; null when it was cut off from outside, so that the next daemon goes on with it.</param>
    public void Ended(string job, DateTimeOffset now, int? code)
    {
        _running.Remove(job);
        var history = Of(job, now);
        _history[job] = code is null
            ? history with { IsRunning = false, IsWanted = true }
            : history with { IsRunning = false, LastEnded = now, LastCode = code, LastGood = code is 0 or 3 ? now : history.LastGood };
    }

    /// <summary>True when it has not succeeded for longer than its <c>alert_after</c>, and people were not told for as long.</summary>
    public bool IsOverdue(Job job, DateTimeOffset now)
    {
        var history = Of(job.Name, now);
        return job.AlertAfter is { } after
            && now - (history.LastGood ?? history.FirstSeen) > after
            && (history.Alerted is not { } alerted || now - alerted > after || alerted > now);
    }

    /// <summary>People were told.</summary>
    public void Alerted(string job, DateTimeOffset now) => _history[job] = Of(job, now) with { Alerted = now };

    private bool IsDue(Job job, DateTimeOffset now) => _history[job.Name].IsWanted || NextTime(job, now) <= now;

    private void Look(Job job, DateTimeOffset now, bool isConnected)
    {
        var history = Of(job.Name, now);
        // A clock that was set back must not keep a job from running until it is where it was.
        if (history.LastStarted > now)
            history = history with { LastStarted = now };
        if (history.LastGood > now)
            history = history with { LastGood = now };
        if (history.FirstSeen > now)
            history = history with { FirstSeen = now };
        var appeared = isConnected && (history.WasAbsent || (job.Schedule is "on-mount" && history.LastStarted is null));
        if (appeared && (job.Schedule is "on-mount" || history.LastCode == NoPlace))
            history = history with { IsWanted = true };
        _history[job.Name] = history with { WasAbsent = !isConnected };
    }

    private JobHistory Of(string job, DateTimeOffset now) =>
        _history.TryGetValue(job, out var known) ? known : _history[job] = new JobHistory { FirstSeen = now };

    private static DateTimeOffset? Later(DateTimeOffset? first, DateTimeOffset? second) => first is null || second > first ? second : first;

    /// <summary>The same for the same client, job and time, so that looking again changes nothing.</summary>
    private TimeSpan PutOff(string job, DateTimeOffset time)
    {
        if (Jitter <= TimeSpan.Zero)
            return TimeSpan.Zero;
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{client}\0{job}\0{time.UtcTicks}"));
        return Jitter * (BitConverter.ToUInt32(hash) / (double)uint.MaxValue);
    }
}
