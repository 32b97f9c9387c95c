namespace Holdfast.Core.Jobs;

/// <summary>How the daemon runs jobs.</summary>
public sealed record DaemonOptions
{
    /// <summary>The most a run is put off at random, so that many machines do not come at once.</summary>
    public TimeSpan Jitter { get; init; }

    /// <summary>How far runs stand back for other programs: 0 not at all, 19 most (nice(1)).</summary>
    public int? Nice { get; init; }

    /// <summary>"idle" when runs read and write only while nobody else does (ionice(1)), else "normal".</summary>
    public string Io { get; init; } = "normal";

    /// <summary>How long a run may take before it is ended; null for as long as it takes.</summary>
    public TimeSpan? MaxTime { get; init; }

    /// <summary>"wait" when nothing begins while the machine runs on its battery, else "run".</summary>
    public string OnBattery { get; init; } = "run";

    /// <summary>"wait" when jobs to places elsewhere do not begin while the network is metered, else "run".</summary>
    public string OnMetered { get; init; } = "run";

    /// <summary>ADDRESS:PORT of this machine where metrics are to be had; null for nowhere.</summary>
    public string? Listen { get; init; }

    /// <summary>The file metrics are written to, for the textfile collector of Prometheus' node exporter; null for none.</summary>
    public string? Metrics { get; init; }
}
