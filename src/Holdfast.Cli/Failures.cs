using Holdfast.Cli.Output;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;

namespace Holdfast.Cli;

/// <summary>From an exception to words on standard error and an exit code.</summary>
internal static class Failures
{
    /// <summary>Runs a command and turns what it throws into its exit code.</summary>
    public static async Task<int> HandleAsync(Session session, Func<Session, Task<int>> command)
    {
        try
        {
            return await command(session);
        }
        catch (OperationCanceledException)
        {
            ErrorPrinter.Print(session, "interrupted; what was saved stays, and the next run continues", ExitCode.Interrupted);
            return ExitCode.Interrupted;
        }
        catch (BrokenPipeException)
        {
            throw;
        }
        catch (Exception e)
        {
            return Print(session, e);
        }
    }

    /// <summary>Prints an error and gives its exit code.</summary>
    public static int Print(Session session, Exception error, string prefix = "")
    {
        var code = CodeOf(error);
        if (IsExpected(error))
        {
            ErrorPrinter.Print(session, prefix + error.Message, code, session.Verbose ? error.ToString() : null);
            return code;
        }
        var log = CrashLog.TryWrite(session, error);
        var where = session.Verbose ? "" : log is null ? " (-v shows where)" : $" (details in {log})";
        ErrorPrinter.Print(session, $"this is a bug in Holdfast: {error.Message}{where}", code, session.Verbose ? error.ToString() : null);
        return code;
    }

    /// <summary>The exit code an error stands for.</summary>
    public static int CodeOf(Exception error) => error is HoldfastException { Kind: var kind } ? (int)kind : ExitCode.Failed;

    /// <summary>True for what can happen without a mistake of the program: the system or the user said no.</summary>
    private static bool IsExpected(Exception error) => error is HoldfastException or FileSystemException or IOException or UnauthorizedAccessException;
}
