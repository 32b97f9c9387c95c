using Holdfast.Mtproto.Tl;

namespace Holdfast.Mtproto.Feed;

/// <summary>What a listener is told.</summary>
public abstract record FeedItem
{
    private FeedItem()
    {
    }

    /// <summary>Something happened.</summary>
    /// <param name="Update">What. New messages that were missed come as <see cref="UpdateNewMessage"/> and <see cref="UpdateNewChannelMessage"/>, too.</param>
    /// <param name="Users">People it speaks of, as far as they were sent along.</param>
    /// <param name="Chats">Chats it speaks of.</param>
    public sealed record Changed(Update Update, IReadOnlyList<UserBase> Users, IReadOnlyList<ChatBase> Chats) : FeedItem;

    /// <summary>Too much happened in between and Telegram does not list it any more: read the chats again.</summary>
    /// <param name="ChannelId">One channel, or null for private chats and groups.</param>
    public sealed record TooFarBehind(long? ChannelId) : FeedItem;
}

/// <summary>An item, and what is noted once the listener has dealt with it.</summary>
internal readonly record struct Delivery(FeedItem Item, Action Commit);
