using Holdfast.Mtproto.Tl;

namespace Holdfast.Mtproto.Feed;

/// <summary>An update's place in the order of its box: private chats and groups, or one channel.</summary>
/// <param name="Channel">The channel, or null.</param>
/// <param name="Pts">The box's number after the update.</param>
/// <param name="Count">How many numbers it takes.</param>
internal readonly record struct UpdateNumber(long? Channel, int Pts, int Count)
{
    /// <returns>Null for updates without an order.</returns>
    public static UpdateNumber? Of(Update update) => update switch
    {
        UpdateNewMessage u => new(null, u.Pts, u.PtsCount),
        UpdateEditMessage u => new(null, u.Pts, u.PtsCount),
        UpdateDeleteMessages u => new(null, u.Pts, u.PtsCount),
        UpdateReadHistoryInbox u => new(null, u.Pts, u.PtsCount),
        UpdateReadHistoryOutbox u => new(null, u.Pts, u.PtsCount),
        UpdateReadMessagesContents u => new(null, u.Pts, u.PtsCount),
        UpdatePinnedMessages u => new(null, u.Pts, u.PtsCount),
        UpdateWebPage u => new(null, u.Pts, u.PtsCount),
        UpdateFolderPeers u => new(null, u.Pts, u.PtsCount),
        UpdateNewChannelMessage u => InChannel(ChannelOf(u.Message), u.Pts, u.PtsCount),
        UpdateEditChannelMessage u => InChannel(ChannelOf(u.Message), u.Pts, u.PtsCount),
        UpdateDeleteChannelMessages u => InChannel(u.ChannelId, u.Pts, u.PtsCount),
        UpdatePinnedChannelMessages u => InChannel(u.ChannelId, u.Pts, u.PtsCount),
        UpdateChannelWebPage u => InChannel(u.ChannelId, u.Pts, u.PtsCount),
        _ => null,
    };

    private static UpdateNumber? InChannel(long? channel, int pts, int count) => channel is { } id ? new UpdateNumber(id, pts, count) : null;

    private static long? ChannelOf(MessageBase message) => (message switch { Message m => m.PeerId, MessageService s => s.PeerId, _ => null } as PeerChannel)?.ChannelId;
}
