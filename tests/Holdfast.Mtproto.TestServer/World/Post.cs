using Holdfast.Mtproto.Tl;

namespace Holdfast.Mtproto.TestServer.World;

/// <summary>What is to be posted.</summary>
internal sealed record Draft
{
    public string Text { get; init; } = "";

    public MessageEntity[]? Entities { get; init; }

    public MessageMedia? Media { get; init; }

    public MessageAction? Action { get; init; }

    public int? ReplyTo { get; init; }

    public int? Topic { get; init; }

    public long? GroupedId { get; init; }

    public MessageFwdHeader? Forward { get; init; }

    public int? Date { get; init; }
}

/// <summary>Puts messages into the boxes they belong in.</summary>
internal static class Post
{
    /// <summary>Into a chat, as the sender sees it.</summary>
    /// <returns>The sender's copy and its pts.</returns>
    public static (MessageBase Message, int Pts) Into(TelegramWorld world, Account sender, Peer peer, Draft draft) => peer switch
    {
        PeerChannel channel => IntoChannel(world, sender, world.RoomOf(channel.ChannelId), draft),
        PeerChat chat => IntoGroup(world, sender, world.RoomOf(chat.ChatId), draft),
        PeerUser user => IntoPrivate(world, sender, world.AccountOf(user.UserId), draft),
        _ => throw new ArgumentException("Unknown kind of chat.", nameof(peer)),
    };

    private static (MessageBase, int) IntoChannel(TelegramWorld world, Account sender, Room room, Draft draft)
    {
        var from = room.Kind == RoomKind.Channel ? null : new PeerUser { UserId = sender.Id };
        var message = Make(world, draft, room.Box.NextId(), from, room.Peer, isOut: true, isPost: from is null);
        room.Box.Messages.Add(MessageBox.IdOf(message), message);
        var pts = world.Record(room.Box, 1, p => new UpdateNewChannelMessage { Message = message, Pts = p, PtsCount = 1 });
        return (message, pts);
    }

    private static (MessageBase, int) IntoGroup(TelegramWorld world, Account sender, Room room, Draft draft)
    {
        (MessageBase, int) own = default;
        foreach (var member in room.Members)
        {
            var copy = Deliver(world, world.AccountOf(member), draft, new PeerUser { UserId = sender.Id }, room.Peer, member == sender.Id);
            if (member == sender.Id) own = copy;
        }
        return own;
    }

    private static (MessageBase, int) IntoPrivate(TelegramWorld world, Account sender, Account receiver, Draft draft)
    {
        var from = new PeerUser { UserId = sender.Id };
        var own = Deliver(world, sender, draft, from, new PeerUser { UserId = receiver.Id }, isOut: true);
        if (receiver != sender) Deliver(world, receiver, draft, from, from, isOut: false);
        return own;
    }

    private static (MessageBase Message, int Pts) Deliver(TelegramWorld world, Account owner, Draft draft, Peer from, Peer peer, bool isOut)
    {
        var message = Make(world, draft, owner.Box.NextId(), from, peer, isOut, isPost: false);
        owner.Box.Messages.Add(MessageBox.IdOf(message), message);
        var pts = world.Record(owner.Box, 1, p => new UpdateNewMessage { Message = message, Pts = p, PtsCount = 1 });
        return (message, pts);
    }

    private static MessageBase Make(TelegramWorld world, Draft draft, int id, Peer? from, Peer peer, bool isOut, bool isPost)
    {
        var reply = ReplyOf(draft);
        if (draft.Action is { } action)
            return new MessageService { Id = id, FromId = from, PeerId = peer, Date = draft.Date ?? world.Now, Action = action, Out = isOut, Post = isPost, ReplyTo = reply };
        return new Message
        {
            Id = id,
            FromId = from,
            PeerId = peer,
            Date = draft.Date ?? world.Now,
            MessageText = draft.Text,
            Entities = draft.Entities,
            Media = draft.Media,
            Out = isOut,
            Post = isPost,
            ReplyTo = reply,
            GroupedId = draft.GroupedId,
            FwdFrom = draft.Forward,
        };
    }

    private static MessageReplyHeader? ReplyOf(Draft draft)
    {
        if (draft.Topic is not { } topic) return draft.ReplyTo is { } id ? new MessageReplyHeader { ReplyToMsgId = id } : null;
        return new MessageReplyHeader { ForumTopic = true, ReplyToMsgId = draft.ReplyTo ?? topic, ReplyToTopId = draft.ReplyTo is null || draft.ReplyTo == topic ? null : topic };
    }
}
