using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Holdfast.Core.Jobs.Reports;

/// <summary>How important a line of the log is.</summary>
public enum LogLevel
{
    /// <summary>For whoever looks for a mistake.</summary>
    Debug,

    /// <summary>What happened.</summary>
    Info,

    /// <summary>What should be looked at.</summary>
    Warning,

    /// <summary>What failed.</summary>
    Error,
}

/// <summary>
/// The log: a file a day, <c>holdfast-20261121.log</c>, in UTC. Several processes append to it, each line in one write.
/// Nothing that goes wrong with it reaches whoever logs.
/// </summary>
public sealed class LogFile
{
    private const string Prefix = "holdfast-", Suffix = ".log", DayForm = "yyyyMMdd";
    private static readonly JsonWriterOptions Form = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly LogOptions _options;
    private readonly TimeProvider _time;
    private readonly LogLevel _least;

    /// <param name="options">What is logged, and where; must name a folder.</param>
    /// <param name="time">The clock.</param>
    public LogFile(LogOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;
        _least = Enum.Parse<LogLevel>(options.Level, ignoreCase: true);
    }

    /// <summary>Adds a line; as text, further lines of the message are indented.</summary>
    public void Write(LogLevel level, string message)
    {
        if (level < _least)
            return;
        var now = _time.GetUtcNow().UtcDateTime;
        try
        {
            Directory.CreateDirectory(_options.Folder!);
            var path = Path.Combine(_options.Folder!, Prefix + now.ToString(DayForm, CultureInfo.InvariantCulture) + Suffix);
            var isNew = !File.Exists(path);
            using (var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0))
                file.Write(_options.Format is "json" ? Json(now, level, message) : Text(now, level, message));
            if (isNew)
                Clean(now.Date);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A log that cannot be written must not stop a backup; the console says everything too.
        }
    }

    private static byte[] Text(DateTime now, LogLevel level, string message) => Encoding.UTF8.GetBytes(
        string.Create(CultureInfo.InvariantCulture, $"{now:yyyy-MM-dd HH:mm:ss}Z {level.ToString().ToLowerInvariant(),-7} {message.TrimEnd('\n').Replace("\n", "\n    ", StringComparison.Ordinal)}\n"));

    private static byte[] Json(DateTime now, LogLevel level, string message)
    {
        using var line = new MemoryStream();
        using (var json = new Utf8JsonWriter(line, Form))
        {
            json.WriteStartObject();
            json.WriteString("time", now.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
            json.WriteString("level", level.ToString().ToLowerInvariant());
            json.WriteNumber("process", Environment.ProcessId);
            json.WriteString("message", message.TrimEnd('\n'));
            json.WriteEndObject();
        }
        line.WriteByte((byte)'\n');
        return line.ToArray();
    }

    /// <summary>Removes our files of days that are over for long; others in the folder are nobody's business here.</summary>
    private void Clean(DateTime today)
    {
        foreach (var file in Directory.EnumerateFiles(_options.Folder!, $"{Prefix}*{Suffix}"))
            if (DateTime.TryParseExact(Path.GetFileName(file)[Prefix.Length..^Suffix.Length], DayForm, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && (today - day).TotalDays >= _options.KeepDays)
                File.Delete(file);
    }
}
