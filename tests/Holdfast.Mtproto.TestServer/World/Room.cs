using Holdfast.Mtproto.Tl;

namespace Holdfast.Mtproto.TestServer.World;

/// <summary>A group, a supergroup or a channel.</summary>
internal sealed class Room(long id, string title, RoomKind kind, long creator, int date)
{
    public long Id => id;

    public string Title => title;

    public RoomKind Kind => kind;

    public long Creator => creator;

    public int Date => date;

    public string? Username { get; init; }

    public bool IsForum { get; set; }

    public SortedSet<long> Members { get; } = [];

    public SortedDictionary<int, string> Topics { get; } = [];

    /// <summary>Channels and supergroups number for themselves; a group's messages lie in its members' boxes.</summary>
    public MessageBox Box { get; } = new();

    public bool IsChannel => kind != RoomKind.Group;

    public Peer Peer => IsChannel ? new PeerChannel { ChannelId = id } : new PeerChat { ChatId = id };

    public ChatBase ToChat(long viewer) => IsChannel
        ? new Channel
        {
            Id = id,
            AccessHash = AccessHashes.Of(id),
            Title = title,
            Username = Username,
            Photo = new ChatPhotoEmpty(),
            Date = date,
            Broadcast = kind == RoomKind.Channel,
            Megagroup = kind == RoomKind.Supergroup,
            Forum = IsForum,
            Creator = viewer == creator,
            Left = !Members.Contains(viewer),
            ParticipantsCount = Members.Count,
        }
        : new Chat
        {
            Id = id,
            Title = title,
            Photo = new ChatPhotoEmpty(),
            ParticipantsCount = Members.Count,
            Date = date,
            Version = 1,
            Creator = viewer == creator,
        };
}

internal enum RoomKind
{
    Group,
    Supergroup,
    Channel,
}
