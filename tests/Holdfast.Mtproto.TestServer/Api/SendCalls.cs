using Holdfast.Mtproto.TestServer.Wire;
using Holdfast.Mtproto.TestServer.World;
using Holdfast.Mtproto.Tl;

namespace Holdfast.Mtproto.TestServer.Api;

/// <summary>Sending. A random id that was seen before sends nothing twice.</summary>
internal static class SendCalls
{
    private const int MaxText = 4096;
    private const int MaxCaption = 1024;

    public static void Register(ApiCalls calls)
    {
        calls.On<MessagesSendMessage>(SendMessage);
        calls.On<MessagesSendMedia>(SendMedia);
        calls.On<MessagesSendMultiMedia>(SendAlbum);
        calls.On<MessagesUploadMedia>((c, m) => MediaCalls.Take(c, m.Media));
        calls.On<MessagesForwardMessages>(Forward);
    }

    private static Updates SendMessage(CallContext c, MessagesSendMessage m)
    {
        if (m.Message.Length == 0) throw new RpcFault(400, "MESSAGE_EMPTY");
        if (m.Message.Length > MaxText) throw new RpcFault(400, "MESSAGE_TOO_LONG");
        return Send(c, m.Peer, [(m.RandomId, Replying(m.ReplyTo, new Draft { Text = m.Message, Entities = m.Entities }))]);
    }

    private static Updates SendMedia(CallContext c, MessagesSendMedia m)
    {
        if (m.Message.Length > MaxCaption) throw new RpcFault(400, "MEDIA_CAPTION_TOO_LONG");
        return Send(c, m.Peer, [(m.RandomId, Replying(m.ReplyTo, new Draft { Text = m.Message, Entities = m.Entities, Media = MediaCalls.Take(c, m.Media) }))]);
    }

    private static Updates SendAlbum(CallContext c, MessagesSendMultiMedia m)
    {
        if (m.MultiMedia.Length is 0 or > 10) throw new RpcFault(400, "MULTI_MEDIA_TOO_LONG");
        var group = Random.Shared.NextInt64();
        return Send(c, m.Peer, [.. m.MultiMedia.Select(x => (x.RandomId, Replying(m.ReplyTo, new Draft { Text = x.Message, Entities = x.Entities, Media = MediaCalls.Take(c, x.Media), GroupedId = group })))]);
    }

    private static Updates Forward(CallContext c, MessagesForwardMessages m)
    {
        var (box, _, _) = c.BoxOf(c.Peer(m.FromPeer));
        return Send(c, m.ToPeer, [.. m.Id.Zip(m.RandomId, (id, random) => (random, Forwarded(box, id)))]);
    }

    private static Draft Forwarded(MessageBox box, int id)
    {
        if (!box.Messages.TryGetValue(id, out var found) || found is not Message source) throw new RpcFault(400, "MESSAGE_ID_INVALID");
        return new Draft { Text = source.MessageText, Entities = source.Entities, Media = source.Media, Forward = new MessageFwdHeader { Date = source.Date, FromId = source.FromId ?? source.PeerId } };
    }

    private static Draft Replying(InputReplyTo? reply, Draft draft) =>
        reply is InputReplyToMessage r ? draft with { ReplyTo = r.ReplyToMsgId, Topic = r.TopMsgId } : draft;

    private static Updates Send(CallContext c, InputPeer to, List<(long RandomId, Draft Draft)> drafts)
    {
        var peer = c.Peer(to);
        var room = peer is PeerChannel h ? c.World.RoomOf(h.ChannelId) : null;
        if (room is { Kind: RoomKind.Channel } && room.Creator != c.Me.Id && !c.Me.IsBot) throw new RpcFault(403, "CHAT_WRITE_FORBIDDEN");
        if (drafts.Any(d => !c.Server.IsNewRandomId(c.Me.Id, d.RandomId))) throw new RpcFault(500, "RANDOM_ID_DUPLICATE");
        var updates = new List<Update>();
        var messages = new List<MessageBase>();
        foreach (var (randomId, draft) in drafts)
        {
            var (message, pts) = Post.Into(c.World, c.Me, peer, Placed(room, draft));
            var fresh = c.World.Fresh(message);
            messages.Add(fresh);
            updates.Add(new UpdateMessageID { Id = MessageBox.IdOf(message), RandomId = randomId });
            updates.Add(room is null ? new UpdateNewMessage { Message = fresh, Pts = pts, PtsCount = 1 } : new UpdateNewChannelMessage { Message = fresh, Pts = pts, PtsCount = 1 });
        }
        return Made(c, updates, messages);
    }

    /// <summary>A reply into a forum's topic belongs to the topic.</summary>
    private static Draft Placed(Room? room, Draft draft) =>
        room is { IsForum: true } && draft.Topic is null && draft.ReplyTo is { } id && room.Topics.ContainsKey(id) ? draft with { Topic = id, ReplyTo = null } : draft;

    public static Updates Made(CallContext c, IEnumerable<Update> updates, IEnumerable<MessageBase> messages)
    {
        var (users, chats) = Mentioned.In(c, messages);
        return new Updates { UpdatesValue = [.. updates], Users = users, Chats = chats, Date = c.World.Now };
    }
}
