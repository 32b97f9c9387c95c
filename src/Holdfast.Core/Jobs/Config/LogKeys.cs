using static Holdfast.Core.Jobs.Config.KeyOf<Holdfast.Core.Jobs.LogOptions>;

namespace Holdfast.Core.Jobs.Config;

/// <summary>The keys of <c>log</c>.</summary>
internal static class LogKeys
{
    public static ConfigSection<LogOptions> Section { get; } = new("log", new LogOptions(),
    [
        Key("level", Forms.Choice("debug", "info", "warning", "error"), l => l.Level, (l, v) => l with { Level = v },
            "The least important that is logged.", "info", "info"),
        Key("dir", Forms.Text, l => l.Folder, (l, v) => l with { Folder = v },
            "The folder of the log files, relative to the state folder.", "logs", "to the console only"),
        Key("format", Forms.Choice("text", "json"), l => l.Format, (l, v) => l with { Format = v },
            "Lines for people, or an object a line: time, level, process, message.", "json", "text"),
        Key("keep_days", Forms.AtLeastOne, l => (int?)l.KeepDays, (l, v) => l with { KeepDays = v },
            "Days a log file stays.", "14", "14"),
    ]);
}
