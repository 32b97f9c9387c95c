using Holdfast.Mtproto.TestServer.Wire;
using Holdfast.Mtproto.TestServer.World;
using Holdfast.Mtproto.Tl;

namespace Holdfast.Mtproto.TestServer.Api;

/// <summary>Reading messages.</summary>
internal static class HistoryCalls
{
    private const int MaxAtOnce = 100;

    public static void Register(ApiCalls calls)
    {
        calls.On<MessagesGetHistory>((c, m) => Page(c, c.Person(), c.Peer(m.Peer), null, new Window(m.OffsetId, m.OffsetDate, m.AddOffset, m.Limit, m.MaxId, m.MinId)));
        calls.On<MessagesSearch>(Search);
        calls.On<MessagesGetReplies>((c, m) => Page(c, c.Person(), c.Peer(m.Peer), InTopic(m.MsgId), new Window(m.OffsetId, m.OffsetDate, m.AddOffset, m.Limit, m.MaxId, m.MinId)));
        calls.On<MessagesGetMessages>((c, m) => Some(c, c.Me.Box, m.Id, null));
        calls.On<ChannelsGetMessages>((c, m) => Some(c, c.Channel(m.Channel).Box, m.Id, c.Channel(m.Channel)));
        calls.On<MessagesGetSearchCounters>((c, m) => m.Filters.Select(f => new MessagesSearchCounter { Filter = f, Count = Matching(c, c.Peer(m.Peer), Filter(f)).Count }).ToArray<ITlObject>());
        calls.On<MessagesGetSplitRanges>((_, _) => new ITlObject[] { new MessageRange { MinId = 1, MaxId = int.MaxValue } });
    }

    private sealed record Window(int OffsetId, int OffsetDate, int AddOffset, int Limit, int MaxId, int MinId);

    private static MessagesMessagesBase Search(CallContext c, MessagesSearch m)
    {
        var filter = Filter(m.Filter);
        var from = m.FromId is { } sender ? c.Peer(sender) : null;
        bool Wanted(MessageBase x) => filter(x)
            && (m.Q.Length == 0 || (x is Message t && t.MessageText.Contains(m.Q, StringComparison.OrdinalIgnoreCase)))
            && (m.MinDate == 0 || DateOf(x) >= m.MinDate) && (m.MaxDate == 0 || DateOf(x) <= m.MaxDate)
            && (from is null || (x is Message f && from.Equals(f.FromId)))
            && (m.TopMsgId is not { } topic || InTopic(topic)(x));
        return Page(c, c.Person(), c.Peer(m.Peer), Wanted, new Window(m.OffsetId, 0, m.AddOffset, m.Limit, m.MaxId, m.MinId));
    }

    private static Func<MessageBase, bool> Filter(MessagesFilter filter) => filter switch
    {
        InputMessagesFilterPhotos => x => x is Message { Media: MessageMediaPhoto },
        InputMessagesFilterDocument => x => x is Message { Media: MessageMediaDocument },
        InputMessagesFilterPhotoVideo => x => x is Message { Media: MessageMediaPhoto } || Has<DocumentAttributeVideo>(x),
        InputMessagesFilterVideo => Has<DocumentAttributeVideo>,
        InputMessagesFilterVoice => x => x is Message { Media: MessageMediaDocument { Voice: true } },
        InputMessagesFilterMusic => Has<DocumentAttributeAudio>,
        InputMessagesFilterPinned => x => x is Message { Pinned: true },
        _ => _ => true,
    };

    private static bool Has<T>(MessageBase message) =>
        message is Message { Media: MessageMediaDocument { Document: Document d } } && d.Attributes.Any(a => a is T);

    private static Func<MessageBase, bool> InTopic(int topic) => x =>
    {
        var reply = x switch { Message m => m.ReplyTo, MessageService s => s.ReplyTo, _ => null } as MessageReplyHeader;
        return reply is not null && (reply.ReplyToTopId ?? reply.ReplyToMsgId) == topic;
    };

    private static List<MessageBase> Matching(CallContext c, Peer peer, Func<MessageBase, bool>? filter)
    {
        var (box, _, channel) = c.BoxOf(peer);
        return [.. box.Messages.Values.Reverse().Where(m => (channel is not null || peer.Equals(Mentioned.PeerOf(m))) && filter?.Invoke(m) != false)];
    }

    private static MessagesMessagesBase Page(CallContext c, Account me, Peer peer, Func<MessageBase, bool>? filter, Window w)
    {
        _ = me;
        var all = Matching(c, peer, filter);
        // Newest first; the offset names the first message that is not wanted any more, add_offset shifts from there.
        var start = w.OffsetId > 0 ? all.TakeWhile(m => MessageBox.IdOf(m) >= w.OffsetId).Count()
            : w.OffsetDate > 0 ? all.TakeWhile(m => DateOf(m) >= w.OffsetDate).Count() : 0;
        var limit = Math.Min(w.Limit, MaxAtOnce);
        var from = start + w.AddOffset;
        var page = all.Skip(Math.Max(0, from)).Take(from < 0 ? Math.Max(0, limit + from) : limit)
            .Where(m => (w.MaxId == 0 || MessageBox.IdOf(m) < w.MaxId) && MessageBox.IdOf(m) > w.MinId).ToList();
        return Answer(c, page, all.Count, c.BoxOf(peer).Channel);
    }

    private static MessagesMessagesBase Some(CallContext c, MessageBox box, InputMessage[] ids, Room? channel)
    {
        if (ids.Length > MaxAtOnce) throw new RpcFault(400, "MSG_ID_INVALID");
        var found = ids.OfType<InputMessageID>().Select(i => box.Messages.TryGetValue(i.Id, out var m) ? m : new MessageEmpty { Id = i.Id }).ToList();
        return Answer(c, found, found.Count, channel);
    }

    private static MessagesMessagesBase Answer(CallContext c, List<MessageBase> page, int count, Room? channel)
    {
        MessageBase[] messages = [.. page.Select(c.World.Fresh)];
        var (users, chats) = Mentioned.In(c, messages);
        if (channel is not null) return new MessagesChannelMessages { Pts = channel.Box.Pts, Count = count, Messages = messages, Topics = [], Chats = c.Chats([channel.Id]), Users = users };
        return count == page.Count
            ? new MessagesMessages { Messages = messages, Topics = [], Chats = chats, Users = users }
            : new MessagesMessagesSlice { Count = count, Messages = messages, Topics = [], Chats = chats, Users = users };
    }

    private static int DateOf(MessageBase message) => message switch { Message m => m.Date, MessageService s => s.Date, _ => 0 };
}
