using Holdfast.Cli.Output;
using Holdfast.Core.Model;

namespace Holdfast.Cli.Runs;

/// <summary>How the jobs stand, in a file for the textfile collector of Prometheus' node exporter. Written whole or not at all.</summary>
internal static class MetricsFile
{
    /// <summary>Writes the file the config names; none is written when it names none.</summary>
    public static void Write(Session session)
    {
        if (session.Config.Daemon.Metrics is not { } file)
            return;
        try
        {
            var text = MetricsText.Of(session);
            // The collector reads *.prom only, so it never sees half a file.
            File.WriteAllText(file + ".tmp", text);
            File.Move(file + ".tmp", file, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or HoldfastException)
        {
            ErrorPrinter.Remark(session, $"the metrics could not be written: {e.Message}");
        }
    }
}
