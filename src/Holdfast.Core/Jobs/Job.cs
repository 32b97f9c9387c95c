using Holdfast.Core.Engine;
using Holdfast.Core.Jobs.Config;
using Holdfast.Core.Model;
using Holdfast.Core.Sources.Rules;

namespace Holdfast.Core.Jobs;

/// <summary>From a source to one or more targets, with everything that was said of it.</summary>
public sealed class Job
{
    /// <summary>What stands under from: when the source is Telegram.</summary>
    public const string Telegram = "telegram";

    /// <summary>Puts a job together.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="options">Everything, defaults included.</param>
    /// <param name="folder">The folder its hooks run in.</param>
    /// <param name="isAdHoc">True when it stands in no config.</param>
    /// <exception cref="RuleException">A pattern means nothing.</exception>
    public Job(string name, JobOptions options, string folder, bool isAdHoc = false)
    {
        Name = name;
        Options = options;
        Folder = folder;
        IsAdHoc = isAdHoc;
        Rules = options.ToRules();
    }

    /// <summary>Its name in the config; for an ad-hoc job, the target.</summary>
    public string Name { get; }

    /// <summary>Everything that was said of it.</summary>
    public JobOptions Options { get; }

    /// <summary>The folder its hooks run in: the config file's, or the working folder.</summary>
    public string Folder { get; }

    /// <summary>True when it stands in no config.</summary>
    public bool IsAdHoc { get; }

    /// <summary>Absolute paths, or "telegram" alone.</summary>
    public IReadOnlyList<string> From => Options.From;

    /// <summary>True when the source is Telegram.</summary>
    public bool IsFromTelegram => From is [Telegram];

    /// <summary>Where the copies go.</summary>
    public IReadOnlyList<TargetAddress> To => Options.To;

    /// <summary>What is included, tracked, excluded.</summary>
    public ScanRules Rules { get; }

    /// <summary>Files read at once; null follows the device.</summary>
    public int? Workers => Options.Workers;

    /// <summary>What its snapshots are marked with.</summary>
    public IReadOnlyList<string> Tags => Options.Tags;

    /// <summary>Which snapshots stay; null when nothing is forgotten.</summary>
    public Retention? Keep => Options.Keep;

    /// <summary>The share of files, 0 to 1, that may go without asking.</summary>
    public double MaxDelete => Options.MaxDelete ?? 0.25;

    /// <summary>Id of the place that is meant, or null.</summary>
    public string? Place => Options.Place;

    /// <summary>True when its folder and its library are kept the same in both directions.</summary>
    public bool IsSync => Options.Layout.Mode is "sync";

    /// <summary>Compares contents, whatever size and time say.</summary>
    public bool Checksum => Options.Checksum ?? false;

    /// <summary>When the daemon runs it, or null.</summary>
    public string? Schedule => Options.Schedule;

    /// <summary>How long it may go without success before people are told, or null.</summary>
    public TimeSpan? AlertAfter => Options.AlertAfter;

    /// <summary>Shell commands run before; one that fails stops the run.</summary>
    public IReadOnlyList<string> Before => Options.Before;

    /// <summary>Shell commands run after a good run.</summary>
    public IReadOnlyList<string> After => Options.After;

    /// <summary>Shell commands run after a run that failed.</summary>
    public IReadOnlyList<string> OnFailure => Options.OnFailure;

    /// <summary>A job that stands in no config.</summary>
    /// <param name="paths">What is backed up; relative to the working folder.</param>
    /// <param name="to">Where to.</param>
    /// <param name="options">What the flags say.</param>
    /// <param name="environment">Null for this process.</param>
    /// <exception cref="HoldfastException">No path, a path that is none, or a pattern that means nothing.</exception>
    public static Job AdHoc(IReadOnlyList<string> paths, TargetAddress to, JobOptions options, ConfigEnvironment? environment = null)
    {
        environment ??= ConfigEnvironment.OfProcess();
        if (paths.Count == 0)
            throw new ConfigException("there is nothing to back up: no path was given.");
        try
        {
            var from = paths.Select(path => PathValue.Absolute(path, environment.WorkingFolder, environment)).ToList();
            return new Job(to.ToString(), options with { From = from, To = [to] }, environment.WorkingFolder, isAdHoc: true);
        }
        catch (FormatException e)
        {
            throw new ConfigException(e.Message + ".");
        }
    }

    /// <summary>This job with flags on top: their lists are appended, their scalars win.</summary>
    public Job With(JobOptions flags) => new(Name, flags.Over(Options), Folder, IsAdHoc);

    /// <summary>What of this job is not built yet, or null when it can run.</summary>
    public string? Unsupported
    {
        get
        {
            if (To.FirstOrDefault(t => t.Kind is not (TargetKind.Mirror or TargetKind.Library or TargetKind.Volumes)) is { } target)
                return $"{target.Word} targets are not built yet; this version can back up to mirror:, library: and volumes: targets";
            if (To.FirstOrDefault(t => t is { Kind: TargetKind.Library, LocalPath: null } && !t.Location.StartsWith("http", StringComparison.Ordinal)) is { } elsewhere)
                return $"{elsewhere} is not built yet; this version keeps libraries in folders and behind its own server";
            return IsFromTelegram ? "Telegram as a source is not built yet; this version can back up files" : null;
        }
    }

    /// <summary>Refuses what is not built yet.</summary>
    /// <exception cref="ConfigException">This job's kind does not exist in this version.</exception>
    public void RequireSupported()
    {
        if (Unsupported is { } reason)
            throw new ConfigException($"job '{Name}': {reason}");
    }

    /// <summary>What the engine needs to know of it.</summary>
    public BackupOptions ToBackupOptions() => new() { Rules = Rules, Workers = Workers, MaxDelete = MaxDelete, Checksum = Checksum };
}
