using System.Diagnostics;
using System.Security.Cryptography;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;
using Holdfast.Testing.Machines;

namespace Holdfast.Cli.Tests.Running;

/// <summary>kill -9 at some moment, and what to compare with afterwards.</summary>
internal static class KilledRun
{
    /// <summary>Starts the command and kills it when it takes longer than <paramref name="limit"/>; how long it took otherwise.</summary>
    public static TimeSpan? RunAndKill(this Machine machine, TimeSpan limit, params string[] arguments)
    {
        var started = Stopwatch.GetTimestamp();
        using var process = machine.Start(arguments);
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(limit))
        {
            process.Kill();
            process.WaitForExit();
            if (process.ExitCode == 137)
                return null;
        }
        var took = Stopwatch.GetElapsedTime(started);
        process.ExitCode.ShouldBe(0, errors.GetAwaiter().GetResult() + output.GetAwaiter().GetResult());
        return took;
    }

    /// <summary>SHA-256 of every file below a folder, by path.</summary>
    public static SortedDictionary<string, string> HashesOf(string folder)
    {
        var found = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in Command.Bash("""cd "$1" && find . -type f -exec sha256sum {} +""", folder).Text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            found.Add(line[68..], line[..64]);
        return found;
    }

    /// <summary>The same of a snapshot.</summary>
    public static SortedDictionary<string, string> HashesOf(ISnapshots snapshots, Snapshot snapshot)
    {
        var found = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in snapshots.Entries(snapshot, EntryPath.Root, TestContext.Current.CancellationToken))
            if (entry.Entry.Type == EntryType.File)
            {
                using var file = snapshots.Open(entry);
                found.Add(entry.Entry.Path.ToString(), Convert.ToHexStringLower(SHA256.HashData(new FileReadStream(file))));
            }
        return found;
    }
}
