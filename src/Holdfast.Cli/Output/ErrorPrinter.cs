using System.Text.Json;
using Holdfast.Core.Jobs.Reports;

namespace Holdfast.Cli.Output;

/// <summary>Errors, on standard error: words, or with --json one object.</summary>
internal static class ErrorPrinter
{
    public static void Print(Session session, string message, int exitCode, string? trace = null)
    {
        session.Log(LogLevel.Error, trace is null ? message : $"{message}\n{trace}");
        Flush();
        if (session.Json)
            StandardStreams.Error.WriteLine(ToJson(message, exitCode, trace));
        else
            StandardStreams.Error.WriteLine($"{Terminal.ErrorStyle.Red("holdfast:")} {message}{(trace is null ? "" : "\n" + trace)}");
    }

    /// <summary>Something to know that is no failure; -q leaves it out.</summary>
    public static void Remark(Session session, string message)
    {
        session.Log(LogLevel.Warning, message);
        if (session.Quiet)
            return;
        Flush();
        StandardStreams.Error.WriteLine(session.Json
            ? JsonLine.ToText(json =>
            {
                json.WriteString("type", "remark");
                json.WriteString("message", message);
            })
            : $"{Terminal.ErrorStyle.Yellow("note:")} {message}");
    }

    private static void Flush()
    {
        try
        {
            StandardStreams.Flush();
        }
        catch (IOException)
        {
            // The error comes first; that nobody reads the output is no further news.
        }
    }

    private static string ToJson(string message, int exitCode, string? trace) => JsonLine.ToText(json =>
    {
        json.WriteString("type", "error");
        json.WriteString("message", message);
        json.WriteNumber("exit_code", exitCode);
        if (trace is not null)
            json.WriteString("trace", trace);
    });
}
