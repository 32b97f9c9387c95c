using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;
using Holdfast.Mirror.History;

namespace Holdfast.Mirror.Verifying;

/// <summary>
/// Reads contents of a place back, those first whose last time is longest ago. Needs no lock to read; the dates are written
/// under it, now and then and at the end.
/// </summary>
internal sealed class DataCheck
{
    // So many dates are told apart; each costs a pass over the records.
    private const int MostRounds = 16;

    private const int InFlight = 1024;
    private static readonly TimeSpan BetweenNotes = TimeSpan.FromSeconds(20), AtTheEnd = TimeSpan.FromSeconds(10);

    private readonly IFolder _place;
    private readonly FileSystemTraits _traits;
    private readonly IReadOnlyList<Increment> _increments;
    private readonly Dictionary<long, Increment> _byNumber;
    private readonly Dictionary<long, string> _sums;
    private readonly VerifyOptions _options;
    private readonly Action<CheckFinding> _found;
    private readonly VerifyCounters _counters;
    private readonly VerifiedRanges _ranges = new();
    private readonly List<string> _remarks = [];
    private readonly long _started;
    private readonly DateTimeOffset _now;
    private readonly int _workers;
    private long _noted;
    private List<VerifiedRange> _unwritten = [];

    public DataCheck(IFolder place, FileSystemTraits traits, VerifyOptions options, Action<CheckFinding> found, VerifyCounters counters)
    {
        _place = place;
        _traits = traits;
        _options = options;
        _found = found;
        _counters = counters;
        _increments = Increment.List(place);
        _byNumber = _increments.ToDictionary(i => i.Number);
        // Before anything is read: what somebody forgets meanwhile must not pass for read back.
        _sums = _increments.ToDictionary(i => i.Number, i => i.RecordSum(place));
        _started = _noted = options.Time.GetTimestamp();
        _now = options.Time.GetUtcNow();
        _workers = options.Workers ?? (place.Traits.Rotational ? 1 : Environment.ProcessorCount);
    }

    public async Task<IReadOnlyList<string>> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            var dates = VerifiedDates.Read(_place, _increments);
            foreach (var round in Rounds(dates, cancellationToken))
            {
                if (IsOver)
                    break;
                await RunAsync(dates, round, cancellationToken);
            }
        }
        finally
        {
            await WriteDatesAsync(AtTheEnd);
        }
        return _remarks;
    }

    private bool IsOver => _options.MaxTime is { } most && _options.Time.GetElapsedTime(_started) >= most;

    /// <summary>Contents with a date after one and up to another; of the last round perhaps only so many bytes.</summary>
    private sealed record Round(DateTimeOffset After, DateTimeOffset UpTo, long Bytes);

    private IEnumerable<Round> Rounds(VerifiedDates dates, CancellationToken cancellationToken)
    {
        var amounts = Amounts(dates, cancellationToken);
        var left = (long)(amounts.Values.Sum(a => a.Bytes) * _options.Share);
        // Files that were just written and are empty make no bytes, and all of everything is meant to be all of it.
        if (_options.Share >= 1)
            left = long.MaxValue;
        var rounds = new List<Round>();
        var after = DateTimeOffset.MinValue;
        long files = 0, bytes = 0;
        foreach (var (date, amount) in amounts)
        {
            if (left <= 0)
                break;
            rounds.Add(new Round(after, date, Math.Min(left, amount.Bytes)));
            (files, bytes) = (files + amount.Files, bytes + Math.Min(left, amount.Bytes));
            left -= amount.Bytes;
            after = date;
        }
        (_counters.Files, _counters.Bytes) = (files, bytes);
        return Joined(rounds, amounts);
    }

    /// <summary>Rounds that are done to the end anyway become one, unless the time may run out between them.</summary>
    private List<Round> Joined(List<Round> rounds, SortedDictionary<DateTimeOffset, (long Files, long Bytes)> amounts)
    {
        var most = _options.MaxTime is null ? 1 : MostRounds;
        var joined = new List<Round>();
        for (var i = 0; i < rounds.Count; i++)
        {
            var isWhole = rounds[i].Bytes == amounts[rounds[i].UpTo].Bytes;
            if (joined.Count >= most && isWhole)
                joined[^1] = joined[^1] with { UpTo = rounds[i].UpTo, Bytes = joined[^1].Bytes + rounds[i].Bytes };
            else
                joined.Add(rounds[i]);
        }
        return joined;
    }

    private SortedDictionary<DateTimeOffset, (long Files, long Bytes)> Amounts(VerifiedDates dates, CancellationToken cancellationToken)
    {
        var amounts = new SortedDictionary<DateTimeOffset, (long Files, long Bytes)>();
        var cursor = dates.InOrder();
        foreach (var held in HeldContent.All(_place, _increments, cancellationToken))
        {
            var date = DateOf(cursor, held);
            var (files, bytes) = amounts.GetValueOrDefault(date);
            amounts[date] = (files + 1, bytes + held.Entry.Size);
        }
        return amounts;
    }

    // Never is longer ago than any date.
    private static DateTimeOffset DateOf(VerifiedDates.Cursor cursor, HeldContent held) => cursor.Of(held.Increment, held.Entry.Path) ?? DateTimeOffset.MinValue.AddTicks(1);

    private async Task RunAsync(VerifiedDates dates, Round round, CancellationToken cancellationToken)
    {
        var read = new ReadBack(_place, _traits, _byNumber, _counters);
        using var free = new SemaphoreSlim(_workers, _workers);
        var begun = new Queue<(HeldContent Held, Task<CheckFinding?>? Task)>();
        var cursor = dates.InOrder();
        var left = round.Bytes;
        _ranges.BreakAll();
        try
        {
            foreach (var held in HeldContent.All(_place, _increments, cancellationToken))
            {
                var date = DateOf(cursor, held);
                var isMeant = date > round.After && date <= round.UpTo && left >= 0 && !IsOver;
                if (isMeant)
                {
                    left -= held.Entry.Size;
                    await free.WaitAsync(cancellationToken);
                }
                begun.Enqueue((held, isMeant ? Task.Run(() => Check(read, held, free, cancellationToken), CancellationToken.None) : null));
                while (begun.Count > InFlight || (begun.TryPeek(out var first) && first.Task is null or { IsCompleted: true }))
                    await SettleAsync(begun.Dequeue(), cancellationToken);
                if (_options.Time.GetElapsedTime(_noted) > BetweenNotes)
                    await WriteDatesAsync(TimeSpan.Zero);
                if (left < 0 || IsOver)
                    break;
            }
        }
        finally
        {
            while (begun.TryDequeue(out var last))
                await SettleAsync(last, cancellationToken);
        }
    }

    private static CheckFinding? Check(ReadBack read, HeldContent held, SemaphoreSlim free, CancellationToken cancellationToken)
    {
        try
        {
            return read.Check(held, cancellationToken);
        }
        finally
        {
            free.Release();
        }
    }

    /// <summary>In path order, so that ranges come about.</summary>
    private async Task SettleAsync((HeldContent Held, Task<CheckFinding?>? Task) begun, CancellationToken cancellationToken)
    {
        var (held, task) = begun;
        try
        {
            var finding = task is null ? null : await task;
            if (task is not null && finding is null)
            {
                _ranges.Add(held.Increment, held.Entry.Path, _now);
                return;
            }
            if (finding is not null && !WasForgotten(held))
                _found(finding);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Not read to the end.
        }
        _ranges.Break(held.Increment);
    }

    /// <summary>Somebody may forget snapshots meanwhile; then a content lies elsewhere, or nowhere.</summary>
    private bool WasForgotten(HeldContent held) =>
        !Increment.List(_place).Any(i => i.Id == _byNumber[held.Increment].Id && i.RecordSum(_place) == _sums[held.Increment]);

    private async Task WriteDatesAsync(TimeSpan wait)
    {
        _noted = _options.Time.GetTimestamp();
        try
        {
            _unwritten.AddRange(_ranges.Take(_byNumber, i => _sums[i.Number]));
            if (_unwritten.Count == 0)
                return;
            using var held = await PlaceLock.TakeAsync(_place, MirrorLayout.Lock, _options.Purpose, wait, CancellationToken.None);
            VerifiedDates.Add(_place, Increment.List(_place), _unwritten);
            _unwritten = [];
        }
        catch (Exception e) when (e is HoldfastException or FileSystemException)
        {
            // A run may be at work, which is no reason to stop reading; at the end it is said.
            if (wait > TimeSpan.Zero)
                _remarks.Add($"the dates of what was read back could not be written: {e.Message}");
        }
    }
}
