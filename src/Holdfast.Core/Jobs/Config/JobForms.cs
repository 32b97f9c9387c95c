using System.Text.Json.Nodes;
using Holdfast.Core.Sources.Rules;
using Holdfast.Core.Targets;

namespace Holdfast.Core.Jobs.Config;

/// <summary>The forms of values that only jobs have.</summary>
internal static class JobForms
{
    /// <summary>Folders and files, or telegram.</summary>
    public static ListForm<string> Sources { get; } = new(
        new ScalarForm<string>(
            "a path",
            (text, at) => text is Job.Telegram ? text : PathValue.Absolute(text, at.Reading.Folder, at.Reading.Environment),
            v => v,
            Forms.TextSchema),
        "paths");

    /// <summary>Target strings.</summary>
    public static ListForm<TargetAddress> Targets { get; } = new(
        new ScalarForm<TargetAddress>(
            "a target",
            (text, at) => TargetAddress.Parse(text, at.Reading.Folder, at.Reading.Environment),
            v => v.ToString(),
            () => Forms.Pattern("^(mirror|library|repository|volumes|archive):.")),
        "targets");

    /// <summary>Patterns; each is compiled once here, so that a bad one is known with its line.</summary>
    public static ListForm<RuleText> Patterns { get; } = new(new ScalarForm<RuleText>("a pattern", Pattern, v => v.Text, Forms.TextSchema), "patterns");

    /// <summary>Names of files.</summary>
    public static ListForm<string> Names { get; } = new(new ScalarForm<string>("a file name", FileName, v => v, Forms.TextSchema), "file names");

    /// <summary>Words that mark snapshots.</summary>
    public static ListForm<string> Tags { get; } = new(new ScalarForm<string>("a tag", (text, _) => SnapshotTags.Parse(text), v => v, Forms.TextSchema), "tags");

    /// <summary>Shell commands.</summary>
    public static ListForm<string> Commands { get; } = new(Forms.Command, "commands");

    /// <summary>Cron, "every", or "on-mount".</summary>
    public static ScalarForm<string> Schedule { get; } = new(
        "a schedule", (text, _) => ScheduleText.Problem(text) is { } problem ? throw new FormatException(problem) : text, v => v, Forms.TextSchema);

    /// <summary>The address of a PostgreSQL database, without a password, or a file.</summary>
    public static ScalarForm<string> Database { get; } = new("the address of a database, or a path", DatabaseAddress, v => v, Forms.TextSchema);

    /// <summary>Two message ids.</summary>
    public static ListForm<int> MessageRange { get; } = new(Forms.Count, "two message ids");

    private static RuleText Pattern(string text, ScalarAt at)
    {
        var rule = new RuleText(text, at.Reading.At(at.Line));
        try
        {
            RuleList.Parse([rule]);
            return rule;
        }
        catch (RuleException e)
        {
            // Its message begins with the line; problems add it themselves.
            throw new FormatException(e.Message.Replace($"{rule.Where}: ", "", StringComparison.Ordinal).TrimEnd('.'), e);
        }
    }

    private static string FileName(string text, ScalarAt at) =>
        text.Contains('/', StringComparison.Ordinal) || text is "." or ".."
            ? throw new FormatException($"'{text}' is not the name of a file in a folder")
            : text;

    /// <summary>True for an address, false for a file.</summary>
    public static bool IsPostgres(string database) =>
        database.StartsWith("postgres://", StringComparison.Ordinal) || database.StartsWith("postgresql://", StringComparison.Ordinal);

    private static string DatabaseAddress(string text, ScalarAt at)
    {
        if (UrlSecrets.Find(text) is { } masked)
            throw new FormatException($"'{masked}' holds a password; take it out: it is read from ~/.pgpass or PGPASSWORD");
        if (IsPostgres(text))
            return text;
        if (text.Contains("://", StringComparison.Ordinal))
            throw new FormatException($"'{text}' is no PostgreSQL address; write postgres://USER@HOST/DATABASE, or leave it out for SQLite");
        var path = PathValue.Absolute(text, at.Reading.Folder, at.Reading.Environment);
        return text.EndsWith('/') ? path + "/" : path;
    }
}
