using System.CommandLine;
using Holdfast.Cli.Output;
using Holdfast.Cli.Scheduling;
using Holdfast.Core.Jobs;
using Holdfast.Core.Jobs.Config;
using Holdfast.Core.Model;

namespace Holdfast.Cli.Commands;

/// <summary><c>holdfast schedule</c>: the system's own schedulers instead of the daemon.</summary>
internal static class ScheduleCommand
{
    public static Verb Create()
    {
        var verb = new Verb("schedule", "Let systemd, cron or Windows run the jobs, instead of the daemon");
        verb.Add(Show());
        verb.Add(Install());
        return verb;
    }

    private static Verb Show()
    {
        var by = By();
        var verb = new Verb("show", "Print what 'schedule install' would write: systemd timers, lines of a crontab, or tasks of Windows")
        {
            Examples = ["holdfast schedule show", "holdfast schedule show --by cron"],
        };
        verb.Add(by);
        return verb.Does((session, parse, _) =>
        {
            Require(session);
            if (parse.GetValue(by) is "cron")
                foreach (var line in SchedulerText.Cron(session, job => LeftOut(session, job)))
                    Print(session, "cron_line", null, line + "\n");
            else if (parse.GetValue(by) is "windows")
                foreach (var file in WindowsTasks.Of(session, job => LeftOut(session, job)))
                    Print(session, "task", file.Name, file.Text);
            else
                foreach (var file in SchedulerText.Systemd(session, job => LeftOut(session, job)))
                    Print(session, "unit", file.Name, file.Text);
            return Task.FromResult(ExitCode.Done);
        });
    }

    private static Verb Install()
    {
        var by = By();
        var folder = new Option<string?>("--unit-dir") { Description = "Where systemd's units go; without it /etc/systemd/system for root, ~/.config/systemd/user for others", HelpName = "DIR" };
        var verb = new Verb("install", "Write systemd timers, lines of the user's crontab or tasks of Windows for the jobs of the config, in place of those it wrote before")
        {
            ExitCodes = [ExitCode.Failed],
            Examples = ["holdfast schedule install", "holdfast schedule install --by cron"],
        };
        verb.Add(by);
        verb.Add(folder);
        return verb.Does(async (session, parse, cancellationToken) =>
        {
            Require(session);
            if (parse.GetValue(by) is "cron")
            {
                var lines = SchedulerText.Cron(session, job => LeftOut(session, job));
                await ScheduleInstallation.CronAsync(lines, cancellationToken);
                session.Text.WriteLine($"{Sizes.Count(lines.Count, "line")} in the crontab ('crontab -l' shows them)");
                return ExitCode.Done;
            }
            if (parse.GetValue(by) is "windows")
            {
                var tasks = WindowsTasks.Of(session, job => LeftOut(session, job));
                await ScheduleInstallation.WindowsAsync(tasks, cancellationToken);
                session.Text.WriteLine($"{Sizes.Count(tasks.Count, "task")} in the folder {WindowsTasks.Folder} of Windows' Task Scheduler");
                return ExitCode.Done;
            }
            var isUser = Environment.UserName is not "root";
            var to = parse.GetValue(folder) ?? (isUser ? Path.Combine(Path.GetDirectoryName(session.Environment.UserConfigFolder)!, "systemd/user") : "/etc/systemd/system");
            var files = SchedulerText.Systemd(session, job => LeftOut(session, job));
            await ScheduleInstallation.SystemdAsync(files, Path.GetFullPath(to), isUser, cancellationToken);
            session.Text.WriteLine($"{Sizes.Count(files.Count / 2, "timer")} in {to} ('systemctl {(isUser ? "--user " : "")}list-timers' shows them)");
            return ExitCode.Done;
        });
    }

    private static Option<string> By()
    {
        var by = new Option<string>("--by") { Description = "Who runs the jobs: systemd (the default), cron, or windows: its Task Scheduler, which starts them in its Linux (WSL)", HelpName = "systemd|cron|windows", DefaultValueFactory = _ => "systemd" };
        by.AcceptOnlyFromAmong("systemd", "cron", "windows");
        return by;
    }

    private static void Require(Session session)
    {
        if (session.Config.File is null)
            throw new ConfigException("there is no config.", "'holdfast init' writes one.");
        if (!session.Config.Jobs.Any(j => j.Schedule is not null))
            throw new ConfigException("no job of the config has a 'schedule'.", "Give one to a job: schedule: \"0 20 * * *\"");
    }

    private static void LeftOut(Session session, Job job) =>
        ErrorPrinter.Remark(session, $"'{job.Schedule}' of job '{job.Name}' cannot be said to it; 'holdfast daemon' runs it");

    private static void Print(Session session, string type, string? name, string text)
    {
        if (!session.Json)
            session.Text.Write(name is null ? text : $"# {name}\n{text}\n");
        else
            JsonLine.Write(StandardStreams.Out, json =>
            {
                json.WriteString("type", type);
                json.WriteString("name", name);
                json.WriteString("text", text);
            });
    }
}
