using Holdfast.Core.Model;

namespace Holdfast.Core.Targets;

/// <summary>A target whose contents can be read back and compared with its records (promise 11). The dates are kept in the place.</summary>
public interface IVerify
{
    /// <summary>
    /// Reads contents back, those first whose last time is longest ago, from the disk and not from memory. A cancelled call
    /// keeps the dates of what it had read.
    /// </summary>
    /// <param name="options">How much.</param>
    /// <param name="found">Gets every content that is not what the records say; from one thread at a time.</param>
    /// <param name="counters">How far it is.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>What a reader has to know of the dates, a sentence each: that they could not be written, for example.</returns>
    /// <exception cref="HoldfastException">No such place, or a record is damaged.</exception>
    Task<IReadOnlyList<string>> VerifyAsync(VerifyOptions options, Action<CheckFinding> found, VerifyCounters counters, CancellationToken cancellationToken);
}

/// <summary>Snapshots whose place knows when its contents were read back.</summary>
public interface IVerified
{
    /// <summary>How much of the place was read back, and when. What is not known counts as never.</summary>
    /// <exception cref="HoldfastException">No such place, or a record is damaged.</exception>
    VerificationState Verification(CancellationToken cancellationToken);
}

/// <summary>How much is read back.</summary>
public sealed record VerifyOptions
{
    /// <summary>The share of all bytes, up to 1.</summary>
    public double Share { get; init; } = 1;

    /// <summary>No file is begun after this time; null for no limit.</summary>
    public TimeSpan? MaxTime { get; init; }

    /// <summary>Files read at once; null leaves it to the target.</summary>
    public int? Workers { get; init; }

    /// <summary>Who takes the place's lock to write the dates, for people.</summary>
    public required string Purpose { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}

/// <summary>How far a verification is. Written by several threads.</summary>
public sealed class VerifyCounters
{
    private long _filesDone, _bytesDone, _findings;
    private volatile string? _current;

    /// <summary>Files to read.</summary>
    public long Files { get; set; }

    /// <summary>Bytes to read, once that is known.</summary>
    public long? Bytes { get; set; }

    /// <summary>Files read.</summary>
    public long FilesDone => Interlocked.Read(ref _filesDone);

    /// <summary>Bytes read.</summary>
    public long BytesDone => Interlocked.Read(ref _bytesDone);

    /// <summary>Contents that are not what the records say.</summary>
    public long Findings => Interlocked.Read(ref _findings);

    /// <summary>The file that was begun last.</summary>
    public string? Current => _current;

    /// <summary>A file is begun.</summary>
    public void Begin(EntryPath path) => _current = path.ToString();

    /// <summary>Bytes were read.</summary>
    public void Read(long bytes) => Interlocked.Add(ref _bytesDone, bytes);

    /// <summary>A file is done.</summary>
    public void Done() => Interlocked.Increment(ref _filesDone);

    /// <summary>Something is wrong.</summary>
    public void Find() => Interlocked.Increment(ref _findings);
}

/// <summary>How much of a place was read back.</summary>
/// <param name="Files">Contents in the place, each counted once a version.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="NeverFiles">Of these, contents that were never read back, as far as is known.</param>
/// <param name="NeverBytes">Their bytes.</param>
/// <param name="Oldest">When the one was read that waits longest; null when there is none that was ever read.</param>
public sealed record VerificationState(long Files, long Bytes, long NeverFiles, long NeverBytes, DateTimeOffset? Oldest);
