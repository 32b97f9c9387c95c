using System.Diagnostics;
using System.Text;
using Holdfast.Core.Model;

namespace Holdfast.Core.Jobs;

/// <summary>Runs a command line of the config with /bin/sh.</summary>
public static class ShellCommand
{
    /// <summary>Runs it to its end; what it prints goes to standard error, so that ours stays ours.</summary>
    /// <param name="command">The line.</param>
    /// <param name="folder">Where it runs.</param>
    /// <param name="variables">Set for it.</param>
    /// <param name="input">Its standard input, which it need not read.</param>
    /// <param name="cancellationToken">Kills it, its children too.</param>
    /// <returns>What it ended with.</returns>
    public static async Task<int> RunAsync(string command, string folder, IReadOnlyDictionary<string, string> variables, ReadOnlyMemory<byte> input, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", "exec /bin/sh -c \"$0\" >&2", command]) { UseShellExecute = false, WorkingDirectory = folder, RedirectStandardInput = true };
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var fed = FeedAsync(process, input);
        await EndAsync(process, cancellationToken).ConfigureAwait(false);
        await fed.ConfigureAwait(false);
        return process.ExitCode;
    }

    /// <summary>Runs it and gives what it printed.</summary>
    /// <exception cref="HoldfastException">It failed.</exception>
    public static async Task<string> ReadAsync(string command, string folder, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", command]) { UseShellExecute = false, WorkingDirectory = folder, RedirectStandardOutput = true, StandardOutputEncoding = Encoding.UTF8 };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        await EndAsync(process, cancellationToken).ConfigureAwait(false);
        var text = await output.ConfigureAwait(false);
        return process.ExitCode == 0 ? text : throw new HoldfastException(ErrorKind.Failed, $"the command '{command}' ended with {process.ExitCode}.");
    }

    private static async Task EndAsync(Process process, CancellationToken cancellationToken)
    {
        try
        {
            await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    private static async Task FeedAsync(Process process, ReadOnlyMemory<byte> input)
    {
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(input, CancellationToken.None).ConfigureAwait(false);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended, or closed its input, without reading everything.
        }
    }
}
