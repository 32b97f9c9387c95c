using Holdfast.Core.Model;

namespace Holdfast.Cli.Runs;

/// <summary>Jobs of the config.</summary>
internal static class ConfiguredJobs
{
    /// <summary>The jobs with these names; without names, every job.</summary>
    public static IReadOnlyList<RunnableJob> Of(Session session, string[] names) =>
        throw new HoldfastException(ErrorKind.Usage, "no config was found.", "Type 'holdfast init' to write one, or say where to: holdfast backup PATH --to mirror:DIR");
}
