using System.CommandLine;
using Holdfast.Cli.Places;
using Holdfast.Core.Jobs;
using Holdfast.Core.Jobs.Config;
using Holdfast.Core.Model;

namespace Holdfast.Cli.Runs;

/// <summary>A job that stands in no config: paths, targets and flags.</summary>
internal static class TypedJob
{
    /// <exception cref="HoldfastException">No path, or one or a target that is none.</exception>
    public static Job Of(Session session, ParseResult flags, string[] paths, string[] targets)
    {
        if (paths.Length == 0)
            throw new HoldfastException(ErrorKind.Usage, "--to needs at least one path to back up.", "For example: holdfast backup ~/Documents --to " + targets[0]);
        var from = paths.Select(path => Absolute(session, path)).ToList();
        var options = JobFlags.Of(session, flags, from, new LayoutOptions()) with { From = from, To = [.. targets.Select(t => TargetOpening.Parse(session, t))] };
        return new Job(NameOf(from[0]), options, session.Environment.WorkingFolder, isAdHoc: true);
    }

    private static string Absolute(Session session, string path)
    {
        try
        {
            return PathValue.Absolute(path, session.Environment.WorkingFolder, session.Environment);
        }
        catch (FormatException e)
        {
            throw new HoldfastException(ErrorKind.Usage, e.Message + ".", inner: e);
        }
    }

    private static string NameOf(string path) => Path.GetFileName(path) is { Length: > 0 } name ? name : "root";
}
