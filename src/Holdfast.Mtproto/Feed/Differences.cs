using Holdfast.Mtproto.Calls;
using Holdfast.Mtproto.Sessions;
using Holdfast.Mtproto.Tl;

namespace Holdfast.Mtproto.Feed;

/// <summary>Asks Telegram what was missed.</summary>
internal sealed class Differences(TelegramClient client, CancellationToken ct)
{
    private const int DialogsAtOnce = 100;
    private const int MessagesAtOnce = 100;

    /// <summary>Something found; the last of a slice carries the position behind it.</summary>
    internal sealed record Found(FeedItem Item, long? Channel, bool IsLast, UpdatePosition? Position)
    {
        /// <summary>Names it among the items of its slice, the same when the slice is asked for again; null for what has no name.</summary>
        public string? Key => (Item as FeedItem.Changed)?.Update switch
        {
            UpdateNewMessage { Message: Message m } => $"m{m.Id}",
            UpdateNewMessage { Message: MessageService m } => $"m{m.Id}",
            UpdateNewChannelMessage { Message: Message m } => $"{Prefix(Channel ?? 0)}m{m.Id}",
            UpdateNewChannelMessage { Message: MessageService m } => $"{Prefix(Channel ?? 0)}m{m.Id}",
            { } other when UpdateNumber.Of(other) is { } number => $"{(Channel is { } c ? Prefix(c) : "")}p{number.Pts}",
            _ => null,
        };
    }

    public static string Prefix(long channel) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"c{channel}:");

    /// <summary>Where to begin: now, in every chat.</summary>
    public async Task<UpdatePosition> StartAsync()
    {
        var state = await client.CallAsync(new UpdatesGetState(), ct);
        var position = new UpdatePosition { Pts = state.Pts, Qts = state.Qts, Date = state.Date, Seq = state.Seq };
        if (client.IsBot) return position;
        await foreach (var (channel, pts) in ChannelsAsync()) position.Channels[channel.Id] = new ChannelPosition(pts, channel.AccessHash ?? 0);
        return position;
    }

    /// <summary>Which channels moved on. Their numbers come a hundred at a time, instead of one difference each.</summary>
    public async Task<List<long>> FindBehindAsync(UpdatePosition position)
    {
        if (client.IsBot || position.Channels.Count == 0) return [.. position.Channels.Keys];
        var behind = new List<long>();
        foreach (var chunk in position.Channels.Where(c => c.Value.AccessHash != 0).Chunk(DialogsAtOnce))
        {
            var peers = chunk.Select(c => new InputDialogPeer { Peer = new InputPeerChannel { ChannelId = c.Key, AccessHash = c.Value.AccessHash } }).ToArray<InputDialogPeerBase>();
            try
            {
                var dialogs = await client.CallAsync(new MessagesGetPeerDialogs { Peers = peers }, ct);
                behind.AddRange(dialogs.Dialogs.OfType<Dialog>().Where(d => d.Peer is PeerChannel p && d.Pts != position.Channels[p.ChannelId].Pts).Select(d => ((PeerChannel)d.Peer).ChannelId));
            }
            catch (RpcException e) when (e.Code is 400 or 403 or 406)
            {
                // One of them is gone; each is asked for itself, and the one is found.
                behind.AddRange(chunk.Select(c => c.Key));
            }
        }
        return behind;
    }

    /// <summary>Private chats and groups.</summary>
    public async IAsyncEnumerable<Found> CommonAsync(UpdateSequencer sequencer)
    {
        var position = sequencer.Position;
        while (true)
        {
            var answer = await client.CallAsync(new UpdatesGetDifference { Pts = position.Pts, Date = position.Date, Qts = position.Qts }, ct);
            switch (answer)
            {
                case UpdatesDifferenceEmpty empty:
                    (position.Date, position.Seq) = (empty.Date, empty.Seq);
                    yield break;
                case UpdatesDifferenceTooLong tooLong:
                    position.Pts = tooLong.Pts;
                    yield return new Found(new FeedItem.TooFarBehind(null), null, true, null);
                    break;
                case UpdatesDifference d:
                    foreach (var found in Read(sequencer, d.NewMessages, d.OtherUpdates, d.Users, d.Chats, d.State)) yield return found;
                    yield break;
                case UpdatesDifferenceSlice d:
                    foreach (var found in Read(sequencer, d.NewMessages, d.OtherUpdates, d.Users, d.Chats, d.IntermediateState)) yield return found;
                    break;
            }
        }
    }

    /// <summary>One channel.</summary>
    public async IAsyncEnumerable<Found> ChannelAsync(UpdateSequencer sequencer, long id)
    {
        while (sequencer.Position.Channels.TryGetValue(id, out var known))
        {
            var answer = await AskAsync(id, known);
            if (answer is null)
            {
                // Left, closed, or never ours to see.
                sequencer.Forget(id);
                yield break;
            }
            var (items, pts, isFinal) = Read(id, answer);
            sequencer.Position.Channels[id] = known with { Pts = pts };
            for (var i = 0; i < items.Count; i++) yield return new Found(items[i], id, i == items.Count - 1, null);
            if (isFinal) yield break;
        }
        // A channel whose numbers are not known begins with the next update.
        sequencer.Forget(id);
    }

    private async Task<UpdatesChannelDifferenceBase?> AskAsync(long id, ChannelPosition known)
    {
        var channel = new InputChannel { ChannelId = id, AccessHash = known.AccessHash };
        try
        {
            return await client.CallAsync(new UpdatesGetChannelDifference { Channel = channel, Filter = new ChannelMessagesFilterEmpty(), Pts = known.Pts, Limit = MessagesAtOnce }, ct);
        }
        catch (RpcException e) when (e.Kind is "CHANNEL_PRIVATE" or "CHANNEL_INVALID" or "CHANNEL_PUBLIC_GROUP_NA" or "USER_BANNED_IN_CHANNEL")
        {
            return null;
        }
    }

    private static List<Found> Read(UpdateSequencer sequencer, MessageBase[] messages, Update[] others, UserBase[] users, ChatBase[] chats, UpdatesState state)
    {
        var items = new List<FeedItem>();
        foreach (var message in messages) items.Add(new FeedItem.Changed(new UpdateNewMessage { Message = message, Pts = state.Pts, PtsCount = 1 }, users, chats));
        foreach (var update in others)
        {
            // Those of channels keep their own order; those of this box are in order as they are.
            if (update is UpdateChannelTooLong || UpdateNumber.Of(update)?.Channel is not null)
                items.AddRange(sequencer.Accept([update], users, chats).Select(p => new FeedItem.Changed(p.Update, p.Users, p.Chats)));
            else items.Add(new FeedItem.Changed(update, users, chats));
        }
        sequencer.Learn(chats);
        var position = sequencer.Position;
        (position.Pts, position.Qts, position.Date, position.Seq) = (state.Pts, state.Qts, state.Date, state.Seq);
        var behind = position with { };
        return [.. items.Select((item, i) => new Found(item, null, i == items.Count - 1, behind))];
    }

    private static (List<FeedItem> Items, int Pts, bool IsFinal) Read(long id, UpdatesChannelDifferenceBase answer)
    {
        switch (answer)
        {
            case UpdatesChannelDifference d:
                var messages = d.NewMessages.Select(m => (FeedItem)new FeedItem.Changed(new UpdateNewChannelMessage { Message = m, Pts = d.Pts, PtsCount = 1 }, d.Users, d.Chats));
                var others = d.OtherUpdates.Select(u => (FeedItem)new FeedItem.Changed(u, d.Users, d.Chats));
                return ([.. messages, .. others], d.Pts, d.Final);
            case UpdatesChannelDifferenceEmpty d:
                return ([], d.Pts, true);
            case UpdatesChannelDifferenceTooLong d:
                return ([new FeedItem.TooFarBehind(id)], (d.Dialog as Dialog)?.Pts ?? 0, true);
            default:
                throw new TlException("An unknown kind of difference.");
        }
    }

    private async IAsyncEnumerable<(Tl.Channel Channel, int Pts)> ChannelsAsync()
    {
        var request = new MessagesGetDialogs { OffsetPeer = new InputPeerEmpty(), Limit = DialogsAtOnce };
        while (true)
        {
            var (dialogs, messages, chats, isLast) = await client.CallAsync(request, ct) switch
            {
                MessagesDialogs d => (d.Dialogs, d.Messages, d.Chats, true),
                MessagesDialogsSlice d => (d.Dialogs, d.Messages, d.Chats, d.Dialogs.Length == 0),
                _ => ([], [], [], true),
            };
            var channels = chats.OfType<Tl.Channel>().ToDictionary(c => c.Id);
            foreach (var dialog in dialogs.OfType<Dialog>())
                if (dialog is { Peer: PeerChannel peer, Pts: { } pts } && channels.TryGetValue(peer.ChannelId, out var channel)) yield return (channel, pts);
            if (isLast || dialogs.OfType<Dialog>().LastOrDefault() is not { } last) yield break;
            var date = messages.Select(m => m switch { Message x => (x.Id, x.PeerId, x.Date), MessageService x => (x.Id, x.PeerId, x.Date), _ => default })
                .FirstOrDefault(m => m.Id == last.TopMessage && Equals(m.PeerId, last.Peer)).Date;
            request = request with { OffsetDate = date, OffsetId = last.TopMessage, OffsetPeer = AsInput(last.Peer, channels) };
        }
    }

    private static InputPeer AsInput(Peer peer, Dictionary<long, Tl.Channel> channels) => peer switch
    {
        PeerChannel c when channels.TryGetValue(c.ChannelId, out var channel) => new InputPeerChannel { ChannelId = c.ChannelId, AccessHash = channel.AccessHash ?? 0 },
        PeerChat c => new InputPeerChat { ChatId = c.ChatId },
        _ => new InputPeerEmpty(),
    };
}
