namespace Holdfast.Cli;

/// <summary>Where the traces of unexpected errors are kept: <c>errors.log</c> in the state folder.</summary>
internal static class CrashLog
{
    /// <summary>Appends the whole error; returns the file, or null when it cannot be written.</summary>
    public static string? TryWrite(Session session, Exception error)
    {
        try
        {
            Directory.CreateDirectory(session.StateFolder);
            var file = Path.Combine(session.StateFolder, "errors.log");
            File.AppendAllText(file, $"{session.Time.GetUtcNow():yyyy-MM-dd HH:mm:ss}Z {error}\n");
            return file;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or Core.Model.HoldfastException)
        {
            return null;
        }
    }
}
