using Holdfast.Mtproto.TestServer.World;
using Holdfast.Mtproto.Tl;

namespace Holdfast.Mtproto.TestServer.Api;

/// <summary>What happened since (https://core.telegram.org/api/updates).</summary>
internal static class UpdateCalls
{
    private const int DefaultSlice = 100;

    public static void Register(ApiCalls calls)
    {
        calls.On<UpdatesGetState>((c, _) => State(c));
        calls.On<UpdatesGetDifference>(Difference);
        calls.On<UpdatesGetChannelDifference>(ChannelDifference);
    }

    public static UpdatesState State(CallContext c) => new() { Pts = c.Me.Box.Pts, Qts = 0, Date = c.World.Now, Seq = 0 };

    private static UpdatesDifferenceBase Difference(CallContext c, UpdatesGetDifference m)
    {
        var box = c.Me.Box;
        if (m.Pts < box.OldestPts) return new UpdatesDifferenceTooLong { Pts = box.Pts };
        var events = box.Since(m.Pts).ToList();
        if (events.Count == 0) return new UpdatesDifferenceEmpty { Date = c.World.Now, Seq = 0 };
        var slice = events.Take(m.PtsLimit ?? DefaultSlice).ToList();
        var (messages, others) = Split(c, slice);
        var (users, chats) = Mentioned.In(c, messages);
        var state = new UpdatesState { Pts = slice[^1].Pts, Qts = 0, Date = c.World.Now, Seq = 0 };
        return slice.Count < events.Count
            ? new UpdatesDifferenceSlice { NewMessages = messages, NewEncryptedMessages = [], OtherUpdates = others, Users = users, Chats = chats, IntermediateState = state }
            : new UpdatesDifference { NewMessages = messages, NewEncryptedMessages = [], OtherUpdates = others, Users = users, Chats = chats, State = state };
    }

    private static UpdatesChannelDifferenceBase ChannelDifference(CallContext c, UpdatesGetChannelDifference m)
    {
        var room = c.Channel(m.Channel);
        if (m.Pts < room.Box.OldestPts) return TooLong(c, room);
        var events = room.Box.Since(m.Pts).ToList();
        if (events.Count == 0) return new UpdatesChannelDifferenceEmpty { Final = true, Pts = Math.Max(m.Pts, room.Box.Pts), Timeout = 1 };
        var slice = events.Take(Math.Clamp(m.Limit, 1, DefaultSlice)).ToList();
        var (messages, others) = Split(c, slice);
        var (users, _) = Mentioned.In(c, messages);
        return new UpdatesChannelDifference
        {
            Final = slice.Count == events.Count,
            Pts = slice[^1].Pts,
            Timeout = 1,
            NewMessages = messages,
            OtherUpdates = others,
            Chats = c.Chats([room.Id]),
            Users = users,
        };
    }

    private static UpdatesChannelDifferenceTooLong TooLong(CallContext c, Room room)
    {
        MessageBase[] last = [.. room.Box.Messages.Values.Reverse().Take(20).Select(c.World.Fresh)];
        var top = last.Length > 0 ? MessageBox.IdOf(last[0]) : 0;
        var dialog = new Dialog { Peer = room.Peer, TopMessage = top, Pts = room.Box.Pts, NotifySettings = new PeerNotifySettings() };
        return new UpdatesChannelDifferenceTooLong { Final = true, Timeout = 1, Dialog = dialog, Messages = last, Chats = c.Chats([room.Id]), Users = [] };
    }

    /// <summary>New messages travel by themselves, every other change as the update it was.</summary>
    private static (MessageBase[] Messages, Update[] Others) Split(CallContext c, List<BoxEvent> events)
    {
        var messages = new List<MessageBase>();
        var others = new List<Update>();
        foreach (var item in events)
        {
            switch (item.Update)
            {
                case UpdateNewMessage u:
                    messages.Add(c.World.Fresh(u.Message));
                    break;
                case UpdateNewChannelMessage u:
                    messages.Add(c.World.Fresh(u.Message));
                    break;
                default:
                    others.Add(c.World.Fresh(item.Update));
                    break;
            }
        }
        return ([.. messages], [.. others]);
    }
}
