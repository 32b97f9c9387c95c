namespace Holdfast.Core.Jobs;

/// <summary>What is logged, and where.</summary>
public sealed record LogOptions
{
    /// <summary>The least important that is logged: debug, info, warning, error.</summary>
    public string Level { get; init; } = "info";

    /// <summary>The folder of the log files; null for the console only.</summary>
    public string? Folder { get; init; }

    /// <summary>"text" or "json".</summary>
    public string Format { get; init; } = "text";

    /// <summary>Days a log file stays.</summary>
    public int KeepDays { get; init; } = 14;
}
