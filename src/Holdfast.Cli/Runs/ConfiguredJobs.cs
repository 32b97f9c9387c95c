using System.CommandLine;
using Holdfast.Core.Jobs;
using Holdfast.Core.Jobs.Config;
using Holdfast.Core.Model;

namespace Holdfast.Cli.Runs;

/// <summary>Jobs of the config, with the flags on top.</summary>
internal static class ConfiguredJobs
{
    /// <summary>The jobs with these names; without names, every job.</summary>
    /// <exception cref="HoldfastException">There is no such job, or no config.</exception>
    public static IReadOnlyList<Job> Of(Session session, ParseResult flags, string[] names)
    {
        var config = session.Config;
        if (config.File is null)
            throw new ConfigException("there is no config.", "'holdfast init' writes one; 'holdfast backup PATH --to mirror:DIR' needs none.");
        var jobs = names.Length == 0 ? config.Jobs : [.. names.Distinct().Select(config.Find)];
        return [.. jobs.Select(job => job.With(JobFlags.Of(session, flags, job.From, job.Options.Layout)))];
    }
}
