using Holdfast.Mtproto.TestServer.Wire;
using Holdfast.Mtproto.TestServer.World;
using Holdfast.Mtproto.Tl;

namespace Holdfast.Mtproto.TestServer.Api;

/// <summary>Editing, deleting, pinning, reading.</summary>
internal static class ChangeCalls
{
    public static void Register(ApiCalls calls)
    {
        calls.On<MessagesEditMessage>(Edit);
        calls.On<MessagesDeleteMessages>((c, m) => Delete(c.World, c.Me.Box, null, m.Id));
        calls.On<ChannelsDeleteMessages>((c, m) => Delete(c.World, c.Channel(m.Channel).Box, c.Channel(m.Channel), m.Id));
        calls.On<MessagesUpdatePinnedMessage>(Pin);
        calls.On<MessagesReadHistory>((c, _) => new MessagesAffectedMessages { Pts = c.Person().Box.Pts, PtsCount = 0 });
        calls.On<ChannelsReadHistory>((c, _) => c.Person() is not null);
    }

    private static Updates Edit(CallContext c, MessagesEditMessage m)
    {
        var (box, _, room) = c.BoxOf(c.Peer(m.Peer));
        var old = Find(box, m.Id);
        if (!old.Out && old.FromId is PeerUser u && u.UserId != c.Me.Id) throw new RpcFault(403, "MESSAGE_AUTHOR_REQUIRED");
        var edited = old with
        {
            MessageText = m.Message ?? old.MessageText,
            Entities = m.Message is null ? old.Entities : m.Entities,
            Media = m.Media is { } media ? MediaCalls.Take(c, media) : old.Media,
            EditDate = c.World.Now,
        };
        if (edited == old with { EditDate = edited.EditDate }) throw new RpcFault(400, "MESSAGE_NOT_MODIFIED");
        return Replace(c, box, room, edited);
    }

    private static Updates Replace(CallContext c, MessageBox box, Room? room, Message message)
    {
        box.Messages[message.Id] = message;
        var fresh = c.World.Fresh(message);
        Update Event(int pts) => room is null
            ? new UpdateEditMessage { Message = fresh, Pts = pts, PtsCount = 1 }
            : new UpdateEditChannelMessage { Message = fresh, Pts = pts, PtsCount = 1 };
        var pts = c.World.Record(box, 1, Event);
        return SendCalls.Made(c, [Event(pts)], [message]);
    }

    public static MessagesAffectedMessages Delete(TelegramWorld world, MessageBox box, Room? room, int[] ids)
    {
        var gone = ids.Where(box.Messages.Remove).ToArray();
        if (gone.Length == 0) return new MessagesAffectedMessages { Pts = box.Pts, PtsCount = 0 };
        var pts = world.Record(box, gone.Length, p => room is null
            ? new UpdateDeleteMessages { Messages = gone, Pts = p, PtsCount = gone.Length }
            : new UpdateDeleteChannelMessages { ChannelId = room.Id, Messages = gone, Pts = p, PtsCount = gone.Length });
        return new MessagesAffectedMessages { Pts = pts, PtsCount = gone.Length };
    }

    private static Updates Pin(CallContext c, MessagesUpdatePinnedMessage m)
    {
        var peer = c.Peer(m.Peer);
        var (box, _, room) = c.BoxOf(peer);
        box.Messages[m.Id] = Find(box, m.Id) with { Pinned = !m.Unpin };
        Update Event(int pts) => room is null
            ? new UpdatePinnedMessages { Pinned = !m.Unpin, Peer = peer, Messages = [m.Id], Pts = pts, PtsCount = 1 }
            : new UpdatePinnedChannelMessages { Pinned = !m.Unpin, ChannelId = room.Id, Messages = [m.Id], Pts = pts, PtsCount = 1 };
        var at = c.World.Record(box, 1, Event);
        return SendCalls.Made(c, [Event(at)], []);
    }

    private static Message Find(MessageBox box, int id) =>
        box.Messages.TryGetValue(id, out var found) && found is Message message ? message : throw new RpcFault(400, "MESSAGE_ID_INVALID");
}
