using Holdfast.Core.Jobs;

namespace Holdfast.Cli.Daemon;

/// <summary>
/// The proof of a job's copies as a job of its own, so that the scheduler treats it as any other: it is caught up, and never
/// runs beside a backup to the same place.
/// </summary>
internal static class Verification
{
    // No job of a config has a slash in its name.
    private const string Suffix = "/verify";

    /// <summary>The jobs of the config, each followed by its proof.</summary>
    public static IReadOnlyList<Job> With(IEnumerable<Job> jobs) =>
        [.. jobs.SelectMany(job => job.Options.Verify is { Every: { } every } ? new[] { job, new Job(job.Name + Suffix, job.Options with { Schedule = "every " + Duration.Format(every), AlertAfter = null }, job.Folder) } : [job])];

    /// <summary>The name of the job that a proof is of; null for a backup.</summary>
    public static string? Of(Job job) => job.Name.EndsWith(Suffix, StringComparison.Ordinal) ? job.Name[..^Suffix.Length] : null;

    /// <summary>The arguments of the command that proves.</summary>
    public static IReadOnlyList<string> Arguments(Job job)
    {
        var verify = job.Options.Verify!;
        return ["check", Of(job)!, FormattableString.Invariant($"--read-data={verify.Share * 100}%"), "--drill", FormattableString.Invariant($"{verify.Drill}")];
    }
}
