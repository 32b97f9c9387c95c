using System.Text;
using Holdfast.Cli.Daemon;
using Holdfast.Core.Jobs;
using Holdfast.Core.Jobs.Scheduling;

namespace Holdfast.Cli.Scheduling;

/// <summary>A file that a scheduler of the system reads.</summary>
/// <param name="Name">Its name, without folder.</param>
/// <param name="Text">What it holds.</param>
internal sealed record ScheduleFile(string Name, string Text);

/// <summary>The config's schedules in the words of the system's own schedulers.</summary>
internal static class SchedulerText
{
    /// <summary>A service and a timer for each job.</summary>
    /// <param name="session">Knows config and state.</param>
    /// <param name="leftOut">Gets the jobs no timer can start.</param>
    public static IReadOnlyList<ScheduleFile> Systemd(Session session, Action<Job> leftOut)
    {
        var files = new List<ScheduleFile>();
        foreach (var job in Scheduled(session))
        {
            if (SystemdCalendar.Timer(job.Schedule!) is not { } lines)
            {
                leftOut(job);
                continue;
            }
            var name = UnitName(session, job);
            files.Add(new ScheduleFile(name + ".service", $"""
                [Unit]
                Description=Holdfast: {Described(job)}
                Wants=network-online.target
                After=network-online.target

                [Service]
                Type=oneshot
                ExecStart={string.Join(' ', SelfCommand.Backup(session, job).Select(SystemdWord))}
                SuccessExitStatus=3

                """));
            var delay = session.Config.Daemon.Jitter > TimeSpan.Zero ? $"RandomizedDelaySec={(long)session.Config.Daemon.Jitter.TotalSeconds}s\n" : "";
            files.Add(new ScheduleFile(name + ".timer", $"""
                [Unit]
                Description=Holdfast: when to {Described(job)}

                [Timer]
                {string.Join('\n', lines)}
                {delay}
                [Install]
                WantedBy=timers.target

                """));
        }
        return files;
    }

    /// <summary>A line of a crontab for each job.</summary>
    public static IReadOnlyList<string> Cron(Session session, Action<Job> leftOut)
    {
        var lines = new List<string>();
        foreach (var job in Scheduled(session))
            if (CronFields.Of(job.Schedule!) is { } fields)
                lines.Add($"{fields} {string.Join(' ', SelfCommand.Backup(session, job).Append("-q").Select(CronWord))}");
            else
                leftOut(job);
        return lines;
    }

    // A proof is scheduled work like any other.
    internal static IEnumerable<Job> Scheduled(Session session) => Verification.With(session.Config.Jobs).Where(j => j.Schedule is not null);

    internal static string What(Job job) =>
        Verification.Of(job) is { } proven ? $"check the copies of {proven} in {job.To[0]}" : $"back up {job.Name}";

    private static string Described(Job job) => What(job).Replace("%", "%%", StringComparison.Ordinal);

    /// <summary>A name for a job or a proof: a colon, which no job's name has, parts a proof from its job, and the proofs of several targets are numbered.</summary>
    internal static string PlainName(Session session, Job job)
    {
        if (Verification.Of(job) is not { } name)
            return job.Name;
        var targets = session.Config.Find(name).To.ToList();
        return targets.Count == 1 ? $"{name}:check" : $"{name}:check:{targets.IndexOf(job.To[0]) + 1}";
    }

    private static string UnitName(Session session, Job job) => "holdfast-" + string.Concat(Encoding.UTF8.GetBytes(PlainName(session, job)).Select(Escaped));

    // systemd.unit(5): other bytes than these are written like \xd0.
    private static string Escaped(byte letter) =>
        char.IsAsciiLetterOrDigit((char)letter) || (char)letter is '-' or '_' or '.' or ':' ? ((char)letter).ToString() : $"\\x{letter:x2}";

    // systemd.service(5): % begins a specifier, $ a variable, quotes and backslashes as in C.
    private static string SystemdWord(string word) =>
        $"\"{word.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("%", "%%", StringComparison.Ordinal).Replace("$", "$$", StringComparison.Ordinal)}\"";

    // crontab(5): an unescaped % ends the command; sh strips the quotes.
    private static string CronWord(string word)
    {
        var isPlain = word.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '-' or '_' or '=' or ':');
        return isPlain ? word : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'".Replace("%", "\\%", StringComparison.Ordinal);
    }
}
