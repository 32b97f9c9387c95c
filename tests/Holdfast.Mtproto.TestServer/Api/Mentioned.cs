using Holdfast.Mtproto.Tl;

namespace Holdfast.Mtproto.TestServer.Api;

/// <summary>The people and chats that messages speak of; every answer carries them along.</summary>
internal static class Mentioned
{
    public static (UserBase[] Users, ChatBase[] Chats) In(CallContext context, IEnumerable<MessageBase> messages)
    {
        var users = new HashSet<long>();
        var rooms = new HashSet<long>();
        foreach (var message in messages)
        {
            Note(PeerOf(message), users, rooms);
            if (message is Message m)
            {
                Note(m.FromId, users, rooms);
                Note(m.FwdFrom?.FromId, users, rooms);
            }
            else if (message is MessageService s)
            {
                Note(s.FromId, users, rooms);
            }
        }
        return (context.Users(users), context.Chats(rooms));
    }

    public static Peer? PeerOf(MessageBase message) => message switch
    {
        Message m => m.PeerId,
        MessageService s => s.PeerId,
        _ => null,
    };

    private static void Note(Peer? peer, HashSet<long> users, HashSet<long> rooms)
    {
        if (peer is PeerUser u) users.Add(u.UserId);
        if (peer is PeerChat c) rooms.Add(c.ChatId);
        if (peer is PeerChannel h) rooms.Add(h.ChannelId);
    }
}
