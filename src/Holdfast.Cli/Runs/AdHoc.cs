using Holdfast.Cli.Places;
using Holdfast.Core.Engine;
using Holdfast.Core.Model;

namespace Holdfast.Cli.Runs;

/// <summary>A job that was typed: paths and targets.</summary>
internal static class AdHoc
{
    /// <exception cref="HoldfastException">No path, or no target.</exception>
    public static RunnableJob Of(Session session, string[] paths, string[] targets)
    {
        if (paths.Length == 0)
            throw new HoldfastException(ErrorKind.Usage, "--to needs at least one path to back up.", "For example: holdfast backup ~/Documents --to " + targets[0]);
        var sources = paths.Select(Path.GetFullPath).Select(Path.TrimEndingDirectorySeparator).ToList();
        return new RunnableJob(NameOf(sources[0]), session.Client, sources, [.. targets.Select(TargetOpening.Mirror)], new BackupOptions(), IsAdHoc: true, PlaceId: null);
    }

    private static string NameOf(string path) => Path.GetFileName(path) is { Length: > 0 } name ? name : "root";
}
