using Holdfast.Mtproto.Sessions;
using Holdfast.Mtproto.Tl;

namespace Holdfast.Mtproto.Feed;

/// <summary>
/// Puts updates into their order (https://core.telegram.org/api/updates#update-handling): what was seen is dropped, what comes too early waits,
/// and a gap that does not close by itself asks for the difference. Used by one thread.
/// </summary>
internal sealed class UpdateSequencer(UpdatePosition position, long self)
{
    private readonly Dictionary<long, SortedList<int, Pending>> _early = [];
    private readonly HashSet<long> _gaps = [];

    // The box of private chats and groups, among channel ids, which are positive.
    private const long Common = 0;

    /// <summary>How far has been read; ahead of what the listener has dealt with.</summary>
    public UpdatePosition Position => position;

    /// <summary>Updates wait for others that have not come.</summary>
    public bool HasGaps => _gaps.Count > 0;

    public bool NeedsCommon => _gaps.Contains(Common);

    public IEnumerable<long> NeedyChannels => _gaps.Where(g => g != Common);

    public void MarkGap(long? channel) => _gaps.Add(channel ?? Common);

    /// <summary>The difference was fetched: early updates are taken from it or come after it.</summary>
    public IEnumerable<Pending> Close(long? channel)
    {
        _gaps.Remove(channel ?? Common);
        return Ready(channel ?? Common);
    }

    public void Forget(long channel)
    {
        _gaps.Remove(channel);
        _early.Remove(channel);
        position.Channels.Remove(channel);
    }

    /// <summary>Takes a package of updates.</summary>
    /// <returns>What is due now, in order.</returns>
    public List<Pending> Accept(UpdatesBase package)
    {
        switch (package)
        {
            case UpdateShort one:
                return Accept([one.Update], [], []);
            case UpdateShortMessage message:
                return Accept([ShortUpdates.Expand(message, self)], [], []);
            case UpdateShortChatMessage message:
                return Accept([ShortUpdates.Expand(message)], [], []);
            case Tl.Updates many:
                return Accept(many.Seq, many.Seq, many.Date, many.UpdatesValue, many.Users, many.Chats);
            case UpdatesCombined many:
                return Accept(many.SeqStart, many.Seq, many.Date, many.Updates, many.Users, many.Chats);
            case UpdateShortSentMessage sent when sent.Pts <= position.Pts:
                return [];
            default:
                // Too long, or a sent message without its chat: the difference has it whole.
                MarkGap(null);
                return [];
        }
    }

    private List<Pending> Accept(int first, int last, int date, Update[] updates, UserBase[] users, ChatBase[] chats)
    {
        if (last != 0)
        {
            if (first > position.Seq + 1)
            {
                MarkGap(null);
                return [];
            }
            if (last <= position.Seq) return [];
            position.Seq = last;
            position.Date = Math.Max(position.Date, date);
        }
        return Accept(updates, users, chats);
    }

    public List<Pending> Accept(IEnumerable<Update> updates, UserBase[] users, ChatBase[] chats)
    {
        Learn(chats);
        var due = new List<Pending>();
        foreach (var update in updates)
        {
            if (update is UpdateChannelTooLong behind) MarkGap(behind.ChannelId);
            else due.AddRange(Accept(new Pending(update, UpdateNumber.Of(update), users, chats)));
        }
        return due;
    }

    /// <summary>Channels can only be asked about with their hash.</summary>
    public void Learn(IEnumerable<ChatBase> chats)
    {
        foreach (var channel in chats.OfType<Channel>())
            if (channel is { Min: false, AccessHash: { } hash } && position.Channels.TryGetValue(channel.Id, out var known) && known.AccessHash != hash)
                position.Channels[channel.Id] = known with { AccessHash = hash };
    }

    private IEnumerable<Pending> Accept(Pending item)
    {
        if (item.Number is not { } number) return [item];
        var box = number.Channel ?? Common;
        if (PtsOf(number, item) is not { } pts) return [];
        if (number.Pts <= pts && number.Count > 0) return [];
        if (pts + number.Count != number.Pts)
        {
            if (number.Pts > pts)
            {
                if (!_early.TryGetValue(box, out var early)) _early[box] = early = [];
                early[number.Pts] = item;
                _gaps.Add(box);
            }
            return [];
        }
        Advance(number);
        return [item, .. Ready(box)];
    }

    private IEnumerable<Pending> Ready(long box)
    {
        if (!_early.TryGetValue(box, out var early)) yield break;
        while (early.Count > 0)
        {
            var next = early.Values[0];
            var number = next.Number!.Value;
            var pts = PtsOf(number, next)!.Value;
            if (number.Pts > pts && pts + number.Count != number.Pts)
            {
                _gaps.Add(box);
                yield break;
            }
            early.RemoveAt(0);
            if (number.Pts <= pts) continue;
            Advance(number);
            yield return next;
        }
        _early.Remove(box);
        _gaps.Remove(box);
    }

    private int? PtsOf(UpdateNumber number, Pending item)
    {
        if (number.Channel is not { } id) return position.Pts;
        if (position.Channels.TryGetValue(id, out var known)) return known.Pts;
        // A channel that was not there before: its story begins with this update.
        var hash = item.Chats.OfType<Channel>().FirstOrDefault(c => c.Id == id)?.AccessHash ?? 0;
        position.Channels[id] = new ChannelPosition(number.Pts - number.Count, hash);
        return number.Pts - number.Count;
    }

    private void Advance(UpdateNumber number)
    {
        if (number.Channel is { } id) position.Channels[id] = position.Channels[id] with { Pts = number.Pts };
        else position.Pts = number.Pts;
    }

    /// <summary>An update with what came along.</summary>
    internal sealed record Pending(Update Update, UpdateNumber? Number, UserBase[] Users, ChatBase[] Chats);
}
