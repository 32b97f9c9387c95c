using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Holdfast.Mtproto.Calls;
using Holdfast.Mtproto.Sessions;
using Holdfast.Mtproto.Tl;
using Inbox = System.Threading.Channels.Channel<Holdfast.Mtproto.Tl.UpdatesBase?>;

namespace Holdfast.Mtproto.Feed;

/// <summary>
/// What happens in the account's chats, in order and without gaps, also across restarts: an item counts as dealt with when the next one is asked for,
/// and that is saved with the session. After a crash the last ones may come once more, but none is missing.
/// </summary>
public sealed class UpdateFeed : IAsyncDisposable
{
    private static readonly TimeSpan GapPatience = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan QuietTooLong = TimeSpan.FromMinutes(15);
    private readonly TelegramClient _client;
    private readonly TimeProvider _time;
    private readonly Action _changed;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private Inbox? _inbox;
    private UpdatePosition? _committed;

    internal UpdateFeed(TelegramClient client, TimeProvider time, UpdatePosition? saved, Action changed)
    {
        _client = client;
        _time = time;
        _committed = saved;
        _changed = changed;
    }

    /// <summary>
    /// Listens. The first time it begins now; later it goes on where it stopped, with what happened in between first. One listener at a time.
    /// </summary>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="InvalidOperationException">Somebody listens already.</exception>
    /// <exception cref="RpcException">Telegram refuses to tell.</exception>
    public async IAsyncEnumerable<FeedItem> ListenAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stop.Token);
        var inbox = Open();
        try
        {
            var differences = new Differences(_client, both.Token);
            var position = Begin() ?? await differences.StartAsync();
            CommitAll(position);
            var sequencer = new UpdateSequencer(position, _client.UserId ?? 0);
            // What was missed while nobody listened.
            foreach (var channel in await differences.FindBehindAsync(position)) sequencer.MarkGap(channel);
            sequencer.MarkGap(null);
            while (true)
            {
                await foreach (var delivery in FillAsync(sequencer, differences))
                {
                    yield return delivery.Item;
                    delivery.Commit();
                }
                foreach (var delivery in await NextAsync(inbox, sequencer, differences, both.Token))
                {
                    yield return delivery.Item;
                    delivery.Commit();
                }
            }
        }
        finally
        {
            lock (_gate) _inbox = null;
        }
    }

    /// <summary>Ends listening.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
    }

    internal void OnPushed(UpdatesBase? updates)
    {
        lock (_gate) _inbox?.Writer.TryWrite(updates);
    }

    internal void OnAnswered(UpdatesBase updates) => OnPushed(updates);

    internal UpdatePosition? Save()
    {
        lock (_gate) return _committed is { } c ? Copy(c) : null;
    }

    internal void Forget()
    {
        lock (_gate) _committed = null;
    }

    private Inbox Open()
    {
        lock (_gate)
        {
            if (_inbox is not null) throw new InvalidOperationException("The updates of this client are listened to already.");
            return _inbox = System.Threading.Channels.Channel.CreateUnbounded<UpdatesBase?>(new UnboundedChannelOptions { SingleReader = true });
        }
    }

    private UpdatePosition? Begin() => Save();

    private static UpdatePosition Copy(UpdatePosition position) =>
        position with { Channels = new Dictionary<long, ChannelPosition>(position.Channels), Delivered = [.. position.Delivered] };

    /// <summary>Fetches the difference of every box that has a gap.</summary>
    private async IAsyncEnumerable<Delivery> FillAsync(UpdateSequencer sequencer, Differences differences)
    {
        while (sequencer.HasGaps)
        {
            if (sequencer.NeedsCommon)
            {
                await foreach (var item in differences.CommonAsync(sequencer))
                    if (Deliver(item, sequencer) is { } due) yield return due;
                foreach (var late in sequencer.Close(null)) yield return Deliver(late);
                CommitCommon(sequencer.Position);
            }
            foreach (var channel in sequencer.NeedyChannels.ToList())
            {
                await foreach (var item in differences.ChannelAsync(sequencer, channel))
                    if (Deliver(item, sequencer) is { } due) yield return due;
                foreach (var late in sequencer.Close(channel)) yield return Deliver(late);
                CommitChannel(sequencer.Position, channel);
            }
        }
    }

    private async Task<List<Delivery>> NextAsync(Inbox inbox, UpdateSequencer sequencer, Differences differences, CancellationToken ct)
    {
        var deadline = _time.GetTimestamp();
        var due = new List<Delivery>();
        while (due.Count == 0)
        {
            var patience = sequencer.HasGaps ? GapPatience - _time.GetElapsedTime(deadline) : QuietTooLong;
            var (came, package) = patience > TimeSpan.Zero ? await ReadAsync(inbox, patience, ct) : (false, null);
            if (!came)
            {
                // The gap did not close by itself, or it has been suspiciously quiet.
                if (!sequencer.HasGaps) sequencer.MarkGap(null);
                return due;
            }
            var hadGaps = sequencer.HasGaps;
            if (package is null)
            {
                // The server lost the session: what it pushed in between is lost, too.
                sequencer.MarkGap(null);
                foreach (var channel in await differences.FindBehindAsync(sequencer.Position)) sequencer.MarkGap(channel);
                return due;
            }
            due.AddRange(sequencer.Accept(package).Select(Deliver));
            if (!hadGaps) deadline = _time.GetTimestamp();
        }
        return due;
    }

    private async Task<(bool Came, UpdatesBase? Package)> ReadAsync(Inbox inbox, TimeSpan patience, CancellationToken ct)
    {
        using var timeout = new CancellationTokenSource(patience, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, ct);
        try
        {
            return (true, await inbox.Reader.ReadAsync(either.Token));
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return (false, null);
        }
    }

    /// <returns>Null for what was dealt with before a restart.</returns>
    private Delivery? Deliver(Differences.Found found, UpdateSequencer sequencer)
    {
        void Commit()
        {
            if (!found.IsLast) Note(found);
            else if (found.Channel is { } channel) CommitChannel(found.Position ?? sequencer.Position, channel);
            else CommitCommon(found.Position ?? sequencer.Position);
        }

        lock (_gate)
        {
            if (found.Key is null || _committed?.Delivered.Contains(found.Key) != true) return new Delivery(found.Item, Commit);
        }
        Commit();
        return null;
    }

    /// <summary>A slice of a difference has one position, behind its last item; until then its items are noted one by one.</summary>
    private void Note(Differences.Found found)
    {
        lock (_gate)
        {
            if (found.Key is { } key) _committed?.Delivered.Add(key);
        }
        _changed();
    }

    private Delivery Deliver(UpdateSequencer.Pending item) => new(new FeedItem.Changed(item.Update, item.Users, item.Chats), () =>
    {
        if (item.Number is not { } number) return;
        lock (_gate)
        {
            if (_committed is not { } committed) return;
            if (number.Channel is not { } id) committed.Pts = number.Pts;
            else committed.Channels[id] = new ChannelPosition(number.Pts, HashOf(item, id) ?? committed.Channels.GetValueOrDefault(id)?.AccessHash ?? 0);
        }
        _changed();
    });

    private static long? HashOf(UpdateSequencer.Pending item, long channel) =>
        item.Chats.OfType<Tl.Channel>().FirstOrDefault(c => c.Id == channel && !c.Min)?.AccessHash;

    private void CommitAll(UpdatePosition position)
    {
        lock (_gate) _committed = Copy(position);
        _changed();
    }

    private void CommitCommon(UpdatePosition position)
    {
        lock (_gate)
        {
            if (_committed is not { } committed) return;
            committed.Delivered.RemoveAll(static k => !k.StartsWith('c'));
            (committed.Pts, committed.Qts, committed.Date, committed.Seq) = (position.Pts, position.Qts, position.Date, position.Seq);
        }
        _changed();
    }

    private void CommitChannel(UpdatePosition position, long channel)
    {
        lock (_gate)
        {
            if (_committed is not { } committed) return;
            committed.Delivered.RemoveAll(k => k.StartsWith(Differences.Prefix(channel), StringComparison.Ordinal));
            if (position.Channels.TryGetValue(channel, out var known)) committed.Channels[channel] = known;
            else committed.Channels.Remove(channel);
        }
        _changed();
    }
}
