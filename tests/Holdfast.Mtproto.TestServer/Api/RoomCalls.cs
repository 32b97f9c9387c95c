using Holdfast.Mtproto.TestServer.Wire;
using Holdfast.Mtproto.TestServer.World;
using Holdfast.Mtproto.Tl;

namespace Holdfast.Mtproto.TestServer.Api;

/// <summary>Dialogs, groups, channels, topics.</summary>
internal static class RoomCalls
{
    public static void Register(ApiCalls calls)
    {
        calls.On<MessagesGetDialogs>(Dialogs);
        calls.On<MessagesGetPinnedDialogs>((c, _) => new MessagesPeerDialogs { Dialogs = [], Messages = [], Chats = [], Users = [], State = UpdateCalls.State(c) });
        calls.On<MessagesGetPeerDialogs>(PeerDialogs);
        calls.On<MessagesGetChats>((c, m) => new MessagesChats { Chats = c.Chats(m.Id) });
        calls.On<ChannelsGetChannels>((c, m) => new MessagesChats { Chats = c.Chats(m.Id.Select(i => c.Channel(i).Id)) });
        calls.On<ChannelsGetLeftChannels>((c, _) => new MessagesChats { Chats = c.TakeoutId is null ? throw new RpcFault(403, "TAKEOUT_REQUIRED") : [] });
        calls.On<ChannelsGetFullChannel>(FullChannel);
        calls.On<MessagesGetFullChat>(FullChat);
        calls.On<MessagesCreateChat>(CreateChat);
        calls.On<ChannelsCreateChannel>(CreateChannel);
        calls.On<ChannelsJoinChannel>(Join);
        calls.On<ChannelsLeaveChannel>(Leave);
        calls.On<ChannelsGetParticipants>(Participants);
        calls.On<MessagesGetForumTopics>(Topics);
        calls.On<MessagesCreateForumTopic>(CreateTopic);
    }

    private static MessagesDialogsBase Dialogs(CallContext c, MessagesGetDialogs m)
    {
        var all = Of(c, c.Person());
        var start = m.OffsetDate == 0 && m.OffsetId == 0 ? 0 : all.FindIndex(d => Compare(d, m) > 0);
        var page = start < 0 ? [] : all.Skip(start).Take(Math.Min(m.Limit, 100)).ToList();
        var tops = page.Select(d => c.World.Fresh(d.Top)).ToArray();
        var (users, _) = Mentioned.In(c, tops);
        var chats = c.Chats(page.Select(d => d.Peer switch { PeerChat x => x.ChatId, PeerChannel x => x.ChannelId, _ => 0 }));
        var people = users.Concat(c.Users(page.Select(d => d.Peer is PeerUser u ? u.UserId : 0))).Distinct().ToArray();
        Dialog[] dialogs = [.. page.Select(ToDialog)];
        return page.Count == all.Count
            ? new MessagesDialogs { Dialogs = dialogs, Messages = tops, Chats = chats, Users = people }
            : new MessagesDialogsSlice { Count = all.Count, Dialogs = dialogs, Messages = tops, Chats = chats, Users = people };

        // Newest first: behind the offset are older dates, and lower ids at the same date.
        static int Compare(DialogEntry d, MessagesGetDialogs m) =>
            d.Date != m.OffsetDate ? m.OffsetDate.CompareTo(d.Date) : m.OffsetId.CompareTo(MessageBox.IdOf(d.Top));
    }

    private sealed record DialogEntry(Peer Peer, MessageBase Top, int Date, int? Pts);

    private static List<DialogEntry> Of(CallContext c, Account me)
    {
        var own = me.Box.Messages.Values.GroupBy(m => Mentioned.PeerOf(m)!).Select(g => new DialogEntry(g.Key, g.Last(), DateOf(g.Last()), null));
        var channels = me.Chats.Select(c.World.RoomOf).Where(r => r.IsChannel && r.Box.Messages.Count > 0)
            .Select(r => new DialogEntry(r.Peer, r.Box.Messages.Values[^1], DateOf(r.Box.Messages.Values[^1]), r.Box.Pts));
        return [.. own.Concat(channels).OrderByDescending(d => d.Date).ThenByDescending(d => MessageBox.IdOf(d.Top))];
    }

    private static int DateOf(MessageBase message) => message switch { Message m => m.Date, MessageService s => s.Date, _ => 0 };

    private static Dialog ToDialog(DialogEntry d) => new() { Peer = d.Peer, TopMessage = MessageBox.IdOf(d.Top), Pts = d.Pts, NotifySettings = new PeerNotifySettings() };

    private static MessagesPeerDialogs PeerDialogs(CallContext c, MessagesGetPeerDialogs m)
    {
        var wanted = m.Peers.OfType<InputDialogPeer>().Select(p => c.Peer(p.Peer)).ToHashSet();
        var page = Of(c, c.Person()).Where(d => wanted.Contains(d.Peer)).ToList();
        var tops = page.Select(d => c.World.Fresh(d.Top)).ToArray();
        var (users, chats) = Mentioned.In(c, tops);
        return new MessagesPeerDialogs { Dialogs = [.. page.Select(ToDialog)], Messages = tops, Chats = chats, Users = users, State = UpdateCalls.State(c) };
    }

    private static MessagesChatFull FullChannel(CallContext c, ChannelsGetFullChannel m)
    {
        var room = c.Channel(m.Channel);
        var full = new ChannelFull
        {
            Id = room.Id,
            About = $"About {room.Title}",
            ParticipantsCount = room.Members.Count,
            ChatPhoto = new PhotoEmpty { Id = 0 },
            NotifySettings = new PeerNotifySettings(),
            BotInfo = [],
            Pts = room.Box.Pts,
        };
        return new MessagesChatFull { FullChat = full, Chats = c.Chats([room.Id]), Users = [] };
    }

    private static MessagesChatFull FullChat(CallContext c, MessagesGetFullChat m)
    {
        var room = c.World.RoomOf(m.ChatId);
        var participants = new ChatParticipants
        {
            ChatId = room.Id,
            Participants = [.. room.Members.Select(u => new ChatParticipant { UserId = u, InviterId = room.Creator, Date = room.Date })],
            Version = 1,
        };
        var full = new ChatFull { Id = room.Id, About = "", Participants = participants, NotifySettings = new PeerNotifySettings() };
        return new MessagesChatFull { FullChat = full, Chats = c.Chats([room.Id]), Users = c.Users(room.Members) };
    }

    private static MessagesInvitedUsers CreateChat(CallContext c, MessagesCreateChat m)
    {
        var room = c.World.CreateRoom(m.Title, RoomKind.Group, c.Person().Id, m.Users.Select(u => c.User(u).Id));
        c.Server.Remember(room);
        var (message, pts) = Post.Into(c.World, c.Me, room.Peer, new Draft { Action = new MessageActionChatCreate { Title = m.Title, Users = [.. room.Members] } });
        return new MessagesInvitedUsers { Updates = SendCalls.Made(c, [new UpdateNewMessage { Message = message, Pts = pts, PtsCount = 1 }], [message]), MissingInvitees = [] };
    }

    private static Updates CreateChannel(CallContext c, ChannelsCreateChannel m)
    {
        var room = c.World.CreateRoom(m.Title, m.Broadcast ? RoomKind.Channel : RoomKind.Supergroup, c.Person().Id, []);
        room.IsForum = m.Forum;
        c.Server.Remember(room);
        var (message, pts) = Post.Into(c.World, c.Me, room.Peer, new Draft { Action = new MessageActionChannelCreate { Title = m.Title } });
        return SendCalls.Made(c, [new UpdateNewChannelMessage { Message = message, Pts = pts, PtsCount = 1 }], [message]);
    }

    private static Updates Join(CallContext c, ChannelsJoinChannel m)
    {
        var room = c.Channel(m.Channel);
        c.World.Join(room, c.Person().Id);
        c.Server.Remember(room);
        return new Updates { UpdatesValue = [new UpdateChannel { ChannelId = room.Id }], Users = [], Chats = c.Chats([room.Id]), Date = c.World.Now };
    }

    private static Updates Leave(CallContext c, ChannelsLeaveChannel m)
    {
        var room = c.Channel(m.Channel);
        room.Members.Remove(c.Person().Id);
        c.Me.Chats.Remove(room.Id);
        c.Server.Remember(room);
        return new Updates { UpdatesValue = [new UpdateChannel { ChannelId = room.Id }], Users = [], Chats = c.Chats([room.Id]), Date = c.World.Now };
    }

    private static ChannelsChannelParticipants Participants(CallContext c, ChannelsGetParticipants m)
    {
        var room = c.Channel(m.Channel);
        var page = room.Members.Skip(m.Offset).Take(m.Limit).ToArray();
        return new ChannelsChannelParticipants { Count = room.Members.Count, Participants = [.. page.Select(u => new ChannelParticipant { UserId = u, Date = room.Date })], Chats = [], Users = c.Users(page) };
    }

    private static MessagesForumTopics Topics(CallContext c, MessagesGetForumTopics m)
    {
        var room = Forum(c, m.Peer);
        var page = room.Topics.Where(t => m.OffsetTopic == 0 || t.Key < m.OffsetTopic).Reverse().Take(Math.Min(m.Limit, 100)).ToList();
        var topics = page.Select(t => new ForumTopic
        {
            Id = t.Key,
            Date = room.Date,
            Peer = room.Peer,
            Title = t.Value,
            TopMessage = t.Key,
            FromId = new PeerUser { UserId = room.Creator },
            NotifySettings = new PeerNotifySettings(),
        });
        return new MessagesForumTopics { Count = room.Topics.Count, Topics = [.. topics], Messages = [], Chats = c.Chats([room.Id]), Users = [], Pts = room.Box.Pts };
    }

    private static Updates CreateTopic(CallContext c, MessagesCreateForumTopic m)
    {
        var room = Forum(c, m.Peer);
        var (message, pts) = Post.Into(c.World, c.Person(), room.Peer, new Draft { Action = new MessageActionTopicCreate { Title = m.Title, IconColor = 1 } });
        room.Topics[MessageBox.IdOf(message)] = m.Title;
        c.Server.Remember(room);
        return SendCalls.Made(c, [new UpdateMessageID { Id = MessageBox.IdOf(message), RandomId = m.RandomId }, new UpdateNewChannelMessage { Message = message, Pts = pts, PtsCount = 1 }], [message]);
    }

    private static Room Forum(CallContext c, InputPeer peer) =>
        c.Peer(peer) is PeerChannel h && c.World.RoomOf(h.ChannelId) is { IsForum: true } room ? room : throw new RpcFault(400, "CHANNEL_FORUM_MISSING");
}
