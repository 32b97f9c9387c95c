using System.Diagnostics;
using System.Runtime.InteropServices;
using Holdfast.Core.Jobs;

namespace Holdfast.Cli.Daemon;

/// <summary>
/// A run of a job in a process of its own: what goes wrong in it cannot take the daemon along, it reads the config anew, and
/// nice and ionice hold for it alone.
/// </summary>
internal static partial class ChildRun
{
    private const int Terminate = 15; // SIGTERM
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Runs it to its end.</summary>
    /// <returns>The exit code; null when it was cut off because the daemon ends.</returns>
    /// <exception cref="TimeoutException">It took longer than it may, and was ended.</exception>
    public static async Task<int?> RunAsync(Session session, Job job, CancellationToken cancellationToken)
    {
        var words = SelfCommand.Backup(session, job);
        var start = new ProcessStartInfo(words[0], words.Skip(1)) { UseShellExecute = false };
        start.Environment[Session.DaemonVariable] = session.StateFolder;
        using var process = Process.Start(start)!;
        var most = session.Config.Daemon.MaxTime;
        using var limit = new CancellationTokenSource(most ?? Timeout.InfiniteTimeSpan, session.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            await process.WaitForExitAsync(both.Token);
        }
        catch (OperationCanceledException e)
        {
            await EndAsync(process);
            return cancellationToken.IsCancellationRequested ? null : throw new TimeoutException($"took longer than {Duration.Format(most!.Value)} (max_time) and was ended", e);
        }
        // Who stops a service tells all its processes at once: our own word may come a moment after the run has ended.
        if (process.ExitCode == ExitCode.Interrupted)
            await Task.WhenAny(Task.Delay(TimeSpan.FromSeconds(2), cancellationToken));
        // Killed by somebody else it has failed: to begin again at once could go on for ever.
        return cancellationToken.IsCancellationRequested ? null : process.ExitCode;
    }

    /// <summary>Asks it to end, as Ctrl-C would; what hangs is killed, which loses nothing (promise 3).</summary>
    private static async Task EndAsync(Process process)
    {
        _ = Kill(process.Id, Terminate);
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
