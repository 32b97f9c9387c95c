using Holdfast.Core.Sources.Rules;

namespace Holdfast.Core.Jobs;

/// <summary>What can be said of a job: by its block in the config, by the defaults, or by flags. Null and empty say nothing.</summary>
public sealed record JobOptions
{
    /// <summary>Absolute paths, or "telegram".</summary>
    public IReadOnlyList<string> From { get; init; } = [];

    /// <summary>Where the copies go.</summary>
    public IReadOnlyList<TargetAddress> To { get; init; } = [];

    /// <summary>Id of the place that is meant.</summary>
    public string? Place { get; init; }

    /// <summary>Patterns: mirrored without history.</summary>
    public IReadOnlyList<RuleText> Include { get; init; } = [];

    /// <summary>Patterns: mirrored with history.</summary>
    public IReadOnlyList<RuleText> Track { get; init; } = [];

    /// <summary>Patterns: left out.</summary>
    public IReadOnlyList<RuleText> Exclude { get; init; } = [];

    /// <summary>Names of files whose folder is left out.</summary>
    public IReadOnlyList<string> ExcludeIfPresent { get; init; } = [];

    /// <summary>Leaves out folders tagged by CACHEDIR.TAG.</summary>
    public bool? ExcludeCaches { get; init; }

    /// <summary>Leaves out files of more bytes.</summary>
    public long? ExcludeLargerThan { get; init; }

    /// <summary>Does not enter other file systems.</summary>
    public bool? OneFileSystem { get; init; }

    /// <summary>Leaves files for a later run that changed less than this ago.</summary>
    public TimeSpan? MinAge { get; init; }

    /// <summary>Only these paths; from flags only.</summary>
    public PathSet? FilesFrom { get; init; }

    /// <summary>Compares contents, whatever size and time say.</summary>
    public bool? Checksum { get; init; }

    /// <summary>Files read at once.</summary>
    public int? Workers { get; init; }

    /// <summary>The share of files, 0 to 1, that may go without asking.</summary>
    public double? MaxDelete { get; init; }

    /// <summary>What the job's snapshots are marked with.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Which snapshots stay.</summary>
    public Retention? Keep { get; init; }

    /// <summary>When the daemon runs it.</summary>
    public string? Schedule { get; init; }

    /// <summary>How long it may go without success before people are told.</summary>
    public TimeSpan? AlertAfter { get; init; }

    /// <summary>How the daemon proves the copies.</summary>
    public VerifySchedule? Verify { get; init; }

    /// <summary>Shell commands run before; one that fails stops the run.</summary>
    public IReadOnlyList<string> Before { get; init; } = [];

    /// <summary>Shell commands run after a good run.</summary>
    public IReadOnlyList<string> After { get; init; } = [];

    /// <summary>Shell commands run after a run that failed.</summary>
    public IReadOnlyList<string> OnFailure { get; init; } = [];

    /// <summary>What only some layouts know.</summary>
    public LayoutOptions Layout { get; init; } = new();

    /// <summary>These options where they say something, else the others; the others' lists come first.</summary>
    public JobOptions Over(JobOptions below) => new()
    {
        From = From.Count > 0 ? From : below.From,
        To = To.Count > 0 ? To : below.To,
        Place = Place ?? below.Place,
        Include = [.. below.Include, .. Include],
        Track = [.. below.Track, .. Track],
        Exclude = [.. below.Exclude, .. Exclude],
        ExcludeIfPresent = [.. below.ExcludeIfPresent.Union(ExcludeIfPresent, StringComparer.Ordinal)],
        ExcludeCaches = ExcludeCaches ?? below.ExcludeCaches,
        ExcludeLargerThan = ExcludeLargerThan ?? below.ExcludeLargerThan,
        OneFileSystem = OneFileSystem ?? below.OneFileSystem,
        MinAge = MinAge ?? below.MinAge,
        FilesFrom = FilesFrom ?? below.FilesFrom,
        Checksum = Checksum ?? below.Checksum,
        Workers = Workers ?? below.Workers,
        MaxDelete = MaxDelete ?? below.MaxDelete,
        Tags = [.. below.Tags.Union(Tags, StringComparer.Ordinal)],
        Keep = Keep ?? below.Keep,
        Schedule = Schedule ?? below.Schedule,
        AlertAfter = AlertAfter ?? below.AlertAfter,
        Verify = Verify ?? below.Verify,
        Before = [.. below.Before, .. Before],
        After = [.. below.After, .. After],
        OnFailure = [.. below.OnFailure, .. OnFailure],
        Layout = Layout.Over(below.Layout),
    };

    /// <summary>The rules of these options.</summary>
    /// <exception cref="RuleException">A pattern means nothing.</exception>
    public ScanRules ToRules() => new()
    {
        Include = RuleList.Parse(Include),
        Track = RuleList.Parse(Track),
        Exclude = RuleList.Parse(Exclude),
        ExcludeIfPresent = ExcludeIfPresent,
        ExcludeCaches = ExcludeCaches ?? false,
        ExcludeLargerThan = ExcludeLargerThan,
        OneFileSystem = OneFileSystem ?? false,
        MinAge = MinAge,
        FilesFrom = FilesFrom,
    };
}
