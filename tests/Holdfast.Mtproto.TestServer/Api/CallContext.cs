using Holdfast.Mtproto.TestServer.Wire;
using Holdfast.Mtproto.TestServer.World;
using Holdfast.Mtproto.Tl;

namespace Holdfast.Mtproto.TestServer.Api;

/// <summary>Who calls, and how ids are turned into what they stand for.</summary>
internal sealed class CallContext(TelegramServer server, ServerSession session)
{
    public TelegramServer Server => server;

    public TelegramWorld World => server.World;

    public ServerSession Session => session;

    public long? TakeoutId { get; set; }

    /// <summary>The account that is logged in.</summary>
    public Account Me => session.Key.Account ?? throw new RpcFault(401, "AUTH_KEY_UNREGISTERED");

    public Account Person()
    {
        if (Me.IsBot) throw new RpcFault(400, "BOT_METHOD_INVALID");
        return Me;
    }

    public Peer Peer(InputPeer peer) => peer switch
    {
        InputPeerSelf => new PeerUser { UserId = Me.Id },
        InputPeerUser u => Checked(u.UserId, u.AccessHash, new PeerUser { UserId = World.AccountOf(u.UserId).Id }),
        InputPeerChat c => new PeerChat { ChatId = Member(World.RoomOf(c.ChatId)).Id },
        InputPeerChannel c => Checked(c.ChannelId, c.AccessHash, new PeerChannel { ChannelId = Visible(World.RoomOf(c.ChannelId)).Id }),
        _ => throw new RpcFault(400, "PEER_ID_INVALID"),
    };

    public Room Channel(InputChannelBase channel) => channel switch
    {
        InputChannel c when c.AccessHash == AccessHashes.Of(c.ChannelId) => Visible(World.RoomOf(c.ChannelId)),
        _ => throw new RpcFault(400, "CHANNEL_INVALID"),
    };

    public Account User(InputUserBase user) => user switch
    {
        InputUserSelf => Me,
        InputUser u when u.AccessHash == AccessHashes.Of(u.UserId) => World.AccountOf(u.UserId),
        _ => throw new RpcFault(400, "USER_ID_INVALID"),
    };

    /// <summary>The box a chat's messages lie in, and the chat to look for in it.</summary>
    public (MessageBox Box, Peer Peer, Room? Channel) BoxOf(Peer peer) =>
        peer is PeerChannel c ? (World.RoomOf(c.ChannelId).Box, peer, World.RoomOf(c.ChannelId)) : (Me.Box, peer, null);

    public UserBase[] Users(IEnumerable<long> ids) =>
        [.. ids.Distinct().Where(World.Accounts.ContainsKey).Select(id => World.Accounts[id].ToUser(id == session.Key.Account?.Id))];

    public ChatBase[] Chats(IEnumerable<long> ids) =>
        [.. ids.Distinct().Where(World.Rooms.ContainsKey).Select(id => World.Rooms[id].ToChat(Me.Id))];

    private static T Checked<T>(long id, long hash, T value) => hash == AccessHashes.Of(id) ? value : throw new RpcFault(400, "PEER_ID_INVALID");

    private Room Member(Room room) => room.Members.Contains(Me.Id) ? room : throw new RpcFault(400, "CHAT_ID_INVALID");

    private Room Visible(Room room) => room.Members.Contains(Me.Id) || room.Username is not null ? room : throw new RpcFault(406, "CHANNEL_PRIVATE");
}
