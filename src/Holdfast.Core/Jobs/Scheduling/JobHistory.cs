namespace Holdfast.Core.Jobs.Scheduling;

/// <summary>What the daemon remembers of a job.</summary>
public sealed record JobHistory
{
    /// <summary>When it was first in the config.</summary>
    public required DateTimeOffset FirstSeen { get; init; }

    /// <summary>When it last began.</summary>
    public DateTimeOffset? LastStarted { get; init; }

    /// <summary>When it last came to its end.</summary>
    public DateTimeOffset? LastEnded { get; init; }

    /// <summary>When it last ended well.</summary>
    public DateTimeOffset? LastGood { get; init; }

    /// <summary>The exit code of the last run.</summary>
    public int? LastCode { get; init; }

    /// <summary>True from its start to its end; found true by a new daemon, the run was cut off.</summary>
    public bool IsRunning { get; init; }

    /// <summary>True when a place of it was not there when it was last looked for.</summary>
    public bool WasAbsent { get; init; }

    /// <summary>True when it has to run for another reason than its schedule's time: its disk came, or its last run was cut off.</summary>
    public bool IsWanted { get; init; }

    /// <summary>When people were last told that it is overdue.</summary>
    public DateTimeOffset? Alerted { get; init; }
}
