namespace Holdfast.Core.Jobs;

/// <summary>Which snapshots stay: the union of what each rule keeps. A rule that is null keeps nothing.</summary>
public sealed record Retention
{
    /// <summary>The newest, this many.</summary>
    public int? Last { get; init; }

    /// <summary>The newest of each hour, for this many hours that have one.</summary>
    public int? Hourly { get; init; }

    /// <summary>The newest of each day.</summary>
    public int? Daily { get; init; }

    /// <summary>The newest of each week.</summary>
    public int? Weekly { get; init; }

    /// <summary>The newest of each month.</summary>
    public int? Monthly { get; init; }

    /// <summary>The newest of each year.</summary>
    public int? Yearly { get; init; }

    /// <summary>All that are younger than this, counted from the newest.</summary>
    public TimeSpan? Within { get; init; }

    /// <summary>All that have one of these tags.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>
    /// True when no rule keeps anything: applied, it would forget everything, so it never is. Tags do not count: whoever means to
    /// keep a snapshot by its tag does not mean to forget all the others.
    /// </summary>
    public bool KeepsNothing =>
        !new[] { Last, Hourly, Daily, Weekly, Monthly, Yearly }.Any(count => count > 0) && !(Within > TimeSpan.Zero);
}
