using Holdfast.Core.Jobs;

namespace Holdfast.Cli.Daemon;

/// <summary>
/// The proof of a job's copies as jobs of their own, one for each target, so that the scheduler treats them as any other: a proof
/// is caught up, comes when its disk does, and never runs beside a backup to the same place.
/// </summary>
internal static class Verification
{
    // No job of a config has a slash in its name.
    private const string Suffix = "/verify";

    /// <summary>The jobs of the config, each followed by its proofs.</summary>
    public static IReadOnlyList<Job> With(IEnumerable<Job> jobs) => [.. jobs.SelectMany(job => Proofs(job).Prepend(job))];

    /// <summary>The name of the job that a proof is of; null for a backup.</summary>
    public static string? Of(Job job) => job.Name.IndexOf(Suffix, StringComparison.Ordinal) is >= 0 and var end ? job.Name[..end] : null;

    /// <summary>The arguments of the command that proves.</summary>
    public static IReadOnlyList<string> Arguments(Job job)
    {
        var verify = job.Options.Verify!;
        return ["check", Of(job)!, "--target", job.To.Single().ToString(), FormattableString.Invariant($"--read-data={verify.Share * 100}%"), "--drill", FormattableString.Invariant($"{verify.Drill}")];
    }

    private static IEnumerable<Job> Proofs(Job job) => job.Options.Verify is { Every: { } every }
        ? job.To.Select(target => new Job(
            job.Name + Suffix + (job.To.Count == 1 ? "" : $" {target}"), job.Options with { To = [target], Schedule = "every " + Duration.Format(every), AlertAfter = null }, job.Folder))
        : [];
}
