using Holdfast.Core.Engine;
using Holdfast.Core.Engine.Restoring;
using Holdfast.Core.Targets;

namespace Holdfast.Cli.Output;

/// <summary>How far a run is.</summary>
/// <param name="FilesSeen">Files the scan has found.</param>
/// <param name="FilesDone">Files read.</param>
/// <param name="BytesDone">Bytes read.</param>
/// <param name="BytesToRead">Bytes to read in all, once that is known.</param>
/// <param name="Missing">Paths that could not be read.</param>
/// <param name="Elapsed">Since the start.</param>
/// <param name="Current">The file that was begun last.</param>
internal sealed record ProgressState(long FilesSeen, long FilesDone, long BytesDone, long? BytesToRead, long Missing, TimeSpan Elapsed, string? Current)
{
    /// <summary>The time that is left, when it can be known.</summary>
    public TimeSpan? Left =>
        BytesToRead is { } all && BytesDone > 0 && all >= BytesDone && Elapsed.TotalSeconds >= 1
            ? TimeSpan.FromSeconds((all - BytesDone) / (BytesDone / Elapsed.TotalSeconds))
            : null;

    public static ProgressState Of(RunCounters counters, TimeSpan elapsed) =>
        new(counters.Files, counters.FilesDone, counters.BytesDone, counters.BytesToRead, counters.FailureCount, elapsed, counters.Current?.ToString());

    public static ProgressState Of(VerifyCounters counters, TimeSpan elapsed) =>
        new(counters.Files, counters.FilesDone, counters.BytesDone, counters.Bytes, counters.Findings, elapsed, counters.Current);

    public static ProgressState Of(RestoreCounters counters, TimeSpan elapsed) =>
        new(counters.Files, counters.FilesDone, counters.BytesDone, null, counters.FailureCount, elapsed, null);
}
