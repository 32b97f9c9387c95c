using Holdfast.Core.Engine;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;
using Holdfast.Library.Index;
using Holdfast.Library.Record;

namespace Holdfast.Library.Verifying;

/// <summary>
/// Reads the files of a library back from the disk, whenever that was done before: those first whose content waits longest.
/// Needs no lock to read; the dates are written by whoever has it.
/// </summary>
/// <param name="place">The place.</param>
/// <param name="index">What the files held when they were hashed.</param>
/// <param name="note">Writes dates; null for one who may not.</param>
/// <param name="options">How much.</param>
/// <param name="found">Gets what is wrong.</param>
/// <param name="counters">How far it is.</param>
internal sealed class DataCheck(IFolder place, LibraryIndex index, Action<IReadOnlyList<VerifiedLine>>? note, VerifyOptions options, Action<CheckFinding> found, VerifyCounters counters)
{
    // Lines are written in groups; a crash costs the dates of one.
    private const int Group = 500;

    private readonly bool _stable = place.Traits.StableIdentity;
    private readonly Lock _lock = new();
    private readonly HashSet<ContentId> _damaged = [];
    private readonly List<VerifiedLine> _right = [];

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var started = options.Time.GetTimestamp();
        var chosen = Chosen();
        // What was not written yet would be read from memory.
        place.Barrier();
        var parallel = new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = options.Workers ?? (place.Traits.Rotational ? 1 : Environment.ProcessorCount) };
        try
        {
            await Parallel.ForEachAsync(chosen.TakeWhile(_ => options.MaxTime is not { } most || options.Time.GetElapsedTime(started) < most), parallel, CheckAsync);
        }
        finally
        {
            WriteDown();
            // Invariant: a content that is damaged anywhere has no date. Last, for another file of it may have been right.
            note?.Invoke([.. _damaged.Select(c => new VerifiedLine(options.Time.GetUtcNow(), c, IsNew: true))]);
        }
    }

    /// <summary>Numbers of the files to read, those first that wait longest.</summary>
    private List<long> Chosen()
    {
        var all = index.FilesByVerification();
        var left = options.Share >= 1 ? long.MaxValue : (long)(all.Sum(f => f.Size) * options.Share);
        var chosen = new List<long>();
        var bytes = 0L;
        foreach (var (number, size) in all)
        {
            if (left <= 0)
                break;
            chosen.Add(number);
            bytes += size;
            left -= size;
        }
        (counters.Files, counters.Bytes) = (chosen.Count, bytes);
        return chosen;
    }

    private async ValueTask CheckAsync(long number, CancellationToken cancellationToken)
    {
        if (index.FileNumbered(number) is not { } file)
            return; // Somebody removed it meanwhile.
        counters.Begin(file.Path);
        var (content, problem) = await ReadAsync(file, cancellationToken);
        counters.Done();
        lock (_lock)
        {
            if (problem is not null)
            {
                counters.Find();
                _damaged.Add(file.Content);
                if (note is not null)
                    index.Damaged(file.Path);
                found(new CheckFinding(file.Path.ToString(), problem, "Restore it from another copy, or upload it again: 'holdfast find' looks for one."));
            }
            else if (content == file.Content)
            {
                _right.Add(new VerifiedLine(options.Time.GetUtcNow(), file.Content));
                if (_right.Count >= Group)
                    WriteDown();
            }
        }
    }

    /// <summary>What the disk gives, or what is wrong; neither for a file that is not the one that was hashed, which the structure's check names.</summary>
    private async Task<(ContentId? Content, string? Problem)> ReadAsync(IndexedFile file, CancellationToken cancellationToken)
    {
        try
        {
            if (place.TryStat(file.Path) is not { } stat || !file.IsUntouched(stat, _stable))
                return default;
            using var reader = place.OpenFile(file.Path);
            reader.Advise(ReadAdvice.Forget);
            using var reading = new ContentReading(counters.Read);
            var content = await reading.ReadAsync(reader, stat.Size, stat.IsSparse, take: null, cancellationToken);
            if (content == file.Content)
                return (content, null);
            // Somebody may have written to it just now: then it is another file, and no damage.
            return place.TryStat(file.Path) is { } now && file.IsUntouched(now, _stable) ? (null, "its bytes are not those that were stored, though nobody changed it") : default;
        }
        catch (FileSystemException e) when (e.IsNotFound)
        {
            return default;
        }
        catch (FileSystemException e)
        {
            return (null, $"it cannot be read: {e.Message}");
        }
    }

    private void WriteDown()
    {
        note?.Invoke([.. _right]);
        _right.Clear();
    }
}
