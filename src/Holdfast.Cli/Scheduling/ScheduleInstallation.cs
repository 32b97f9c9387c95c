using Holdfast.Core.Jobs;
using Holdfast.Core.Model;

namespace Holdfast.Cli.Scheduling;

/// <summary>Puts schedules where the system's own schedulers look.</summary>
internal static class ScheduleInstallation
{
    private const string Begin = "# holdfast begin: written by 'holdfast schedule install', which replaces all up to the end", End = "# holdfast end";

    /// <summary>Writes the units, removes those of jobs that are gone, and starts the timers.</summary>
    /// <returns>The folder.</returns>
    public static async Task<string> SystemdAsync(IReadOnlyList<ScheduleFile> files, string folder, bool isUser, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        foreach (var old in Directory.EnumerateFiles(folder, "holdfast-*").Where(f => Path.GetExtension(f) is ".timer" or ".service" && !files.Any(n => n.Name == Path.GetFileName(f))))
            if (File.ReadAllText(old).Contains("Description=Holdfast: ", StringComparison.Ordinal))
                File.Delete(old);
        foreach (var file in files)
            File.WriteAllText(Path.Combine(folder, file.Name), file.Text);
        var timers = string.Join(' ', files.Select(f => f.Name).Where(n => n.EndsWith(".timer", StringComparison.Ordinal)).Select(n => $"'{n}'")); // Names may hold backslashes.
        var control = isUser ? "systemctl --user" : "systemctl";
        _ = await ShellCommand.ReadAsync($"{control} daemon-reload && {control} enable --now {timers}", folder, cancellationToken);
        return folder;
    }

    /// <summary>Hands tasks to Windows from its Linux, in place of those of the same names; others in the folder Holdfast stay.</summary>
    /// <exception cref="HoldfastException">This is no Windows, or it did not take them.</exception>
    public static async Task WindowsAsync(IReadOnlyList<ScheduleFile> files, CancellationToken cancellationToken)
    {
        const string program = "schtasks.exe";
        if (await ShellCommand.ReadAsync($"command -v {program} || true", "/", cancellationToken) is { Length: 0 })
            throw new HoldfastException(ErrorKind.Failed, $"there is no {program}: this is no Linux of Windows (WSL), or it may not start Windows' programs.", "'holdfast schedule show --by windows' prints the tasks; the Task Scheduler imports them.");
        var folder = Directory.CreateTempSubdirectory("holdfast-").FullName;
        try
        {
            foreach (var file in files)
            {
                File.WriteAllText(Path.Combine(folder, "task.xml"), file.Text, System.Text.Encoding.Unicode);
                var task = $"{WindowsTasks.Folder}\\{Path.GetFileNameWithoutExtension(file.Name)}";
                // Windows finds the file by its own name for it.
                _ = await ShellCommand.ReadAsync($"{program} /Create /F /TN '{task}' /XML \"$(wslpath -w task.xml)\"", folder, cancellationToken);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Replaces our lines of the user's crontab; the others stay as they are.</summary>
    /// <exception cref="HoldfastException">crontab failed.</exception>
    public static async Task CronAsync(IReadOnlyList<string> lines, CancellationToken cancellationToken)
    {
        var now = await ShellCommand.ReadAsync("crontab -l 2>/dev/null || true", "/", cancellationToken);
        var text = Without(now) + string.Concat(new[] { Begin }.Concat(lines).Append(End).Select(l => l + "\n"));
        if (await ShellCommand.RunAsync("crontab -", "/", new Dictionary<string, string>(StringComparer.Ordinal), System.Text.Encoding.UTF8.GetBytes(text), cancellationToken) is var code and not 0)
            throw new HoldfastException(ErrorKind.Failed, $"'crontab -' ended with {code}; the crontab is as it was.");
    }

    /// <summary>A crontab without our lines.</summary>
    internal static string Without(string crontab)
    {
        var kept = new List<string>();
        var isOurs = false;
        foreach (var line in crontab.Split('\n'))
        {
            isOurs = isOurs ? line != End : line.StartsWith("# holdfast begin", StringComparison.Ordinal);
            if (!isOurs && line != End)
                kept.Add(line);
        }
        var text = string.Join('\n', kept).TrimEnd('\n');
        return text.Length == 0 ? "" : text + "\n";
    }
}
