using Holdfast.Core.Jobs;

namespace Holdfast.Cli.Daemon;

/// <summary>How this program calls itself.</summary>
internal static class SelfCommand
{
    /// <summary>The words before the first argument: the binary, or dotnet and the library it was built to.</summary>
    public static IReadOnlyList<string> Program { get; } =
        Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) is not "dotnet" ? [path] : ["dotnet", Path.Combine(AppContext.BaseDirectory, "holdfast.dll")];

    // Nobody is there to begin it again when a check or another run holds the place just then.
    private static readonly string[] WhenLocked = ["--wait", "1h"];

    /// <summary>All words of a backup of one job, or of its proof, with this session's config and state.</summary>
    public static IReadOnlyList<string> Backup(Session session, Job job) =>
    [
        .. Prefix(session.Config.Daemon), .. Program, .. Verification.Of(job) is null ? ["backup", job.Name, .. WhenLocked] : Verification.Arguments(job), "--config", session.Config.File!, "--state", session.StateFolder, .. session.Json ? ["--json"] : Array.Empty<string>(),
    ];

    private static IEnumerable<string> Prefix(DaemonOptions options) =>
    [
        .. options.Nice is > 0 and var nice ? ["nice", "-n", nice.ToString(System.Globalization.CultureInfo.InvariantCulture)] : Array.Empty<string>(),
        .. options.Io is "idle" ? ["ionice", "-c", "3"] : Array.Empty<string>(),
    ];
}
