using System.Text;
using System.Xml;
using System.Xml.Linq;
using Holdfast.Cli.Daemon;
using Holdfast.Core.Jobs;
using Holdfast.Core.Jobs.Scheduling;

namespace Holdfast.Cli.Scheduling;

/// <summary>
/// The config's schedules as tasks of Windows (Task Scheduler Schema 1.2). Holdfast itself runs in its Linux (WSL), which sleeps
/// while nobody uses it: the task wakes it.
/// </summary>
internal static class WindowsTasks
{
    /// <summary>The folder of the Task Scheduler's library that is ours.</summary>
    public const string Folder = "Holdfast";

    /// <summary>A task for each job.</summary>
    /// <param name="session">Knows config and state.</param>
    /// <param name="leftOut">Gets the jobs no task can start.</param>
    public static IReadOnlyList<ScheduleFile> Of(Session session, Action<Job> leftOut)
    {
        var files = new List<ScheduleFile>();
        foreach (var job in SchedulerText.Scheduled(session))
            if (WindowsTriggers.Of(job.Schedule!, session.Config.Daemon.Jitter) is { } triggers)
                files.Add(new ScheduleFile(Name(session, job) + ".xml", $"{Task(session, job, triggers)}\n"));
            else
                leftOut(job);
        return files;
    }

    private static XElement Task(Session session, Job job, XElement triggers)
    {
        var options = session.Config.Daemon;
        return Element("Task",
            new XAttribute("version", "1.2"),
            Element("RegistrationInfo", Element("Description", "Holdfast: " + SchedulerText.What(job))),
            triggers,
            Element("Settings",
                Element("MultipleInstancesPolicy", "IgnoreNew"),
                Element("DisallowStartIfOnBatteries", options.OnBattery is "wait" ? "true" : "false"),
                Element("StopIfGoingOnBatteries", "false"),
                Element("StartWhenAvailable", "true"), // What was missed is caught up.
                Element("ExecutionTimeLimit", XmlConvert.ToString(options.MaxTime ?? TimeSpan.Zero))),
            Element("Actions", Element("Exec", Element("Command", "wsl.exe"), Element("Arguments", string.Join(' ', Words(session, job).Select(Quoted))))));
    }

    private static IEnumerable<string> Words(Session session, Job job) =>
    [
        .. Environment.GetEnvironmentVariable("WSL_DISTRO_NAME") is { Length: > 0 } name ? ["--distribution", name] : Array.Empty<string>(),
        "--user", Environment.UserName, "--exec", .. SelfCommand.Backup(session, job),
    ];

    // No name of a file has a colon there.
    private static string Name(Session session, Job job) => SchedulerText.PlainName(session, job).Replace(':', ' ');

    /// <summary>As Windows parts words: quotes around them, a backslash before a quote, two for each before a quote.</summary>
    internal static string Quoted(string word)
    {
        if (word.Length > 0 && !word.Any(c => c is ' ' or '\t' or '"'))
            return word;
        var text = new StringBuilder("\"");
        var backslashes = 0;
        foreach (var letter in word)
        {
            if (letter == '"')
                text.Append('\\', backslashes + 1);
            backslashes = letter == '\\' ? backslashes + 1 : 0;
            text.Append(letter);
        }
        return text.Append('\\', backslashes).Append('"').ToString();
    }

    private static XElement Element(string name, params object[] content) => new(WindowsTriggers.Schema + name, content);

}
