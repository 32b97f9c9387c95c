using Holdfast.Mtproto.TestServer.Wire;
using Holdfast.Mtproto.Tl;

namespace Holdfast.Mtproto.TestServer.World;

/// <summary>Everybody and everything there is. Calls hold its lock while they look or change.</summary>
internal sealed class TelegramWorld(TimeProvider clock)
{
    public const string DefaultPhone = "15550001";
    public const string DefaultCode = "12345";
    public const string DefaultPassword = "s3cret";
    public const string DefaultBotToken = "2002:AAA";

    private long _lastRoom = 4_000_000;
    private long _lastFile = 1000;

    public Lock Gate { get; } = new();

    public TimeProvider Clock => clock;

    public int Now => (int)clock.GetUtcNow().ToUnixTimeSeconds();

    public SortedDictionary<long, Account> Accounts { get; } = [];

    public SortedDictionary<long, Room> Rooms { get; } = [];

    public Dictionary<long, StoredFile> Files { get; } = [];

    /// <summary>Raised with every change that a client follows: whose box, and the event.</summary>
    public Action<MessageBox, BoxEvent>? Changed { get; set; }

    /// <summary>Grows when references are to expire.</summary>
    public int ReferenceEpoch { get; set; }

    public static TelegramWorld CreateDefault(TimeProvider clock)
    {
        var world = new TelegramWorld(clock);
        world.Add(new Account(1001, "Alice", DefaultPhone) { Username = "alice", Password = new PasswordVerifier(DefaultPassword) });
        world.Add(new Account(1002, "Bob", "15550002") { Username = "bob" });
        world.Add(new Account(1003, "Carol", "15550003", dataCenter: 1) { Username = "carol" });
        world.Add(new Account(2002, "Backup bot", "") { Username = "backup_bot", BotToken = DefaultBotToken });
        return world;
    }

    public void Add(Account account) => Accounts.Add(account.Id, account);

    public Account AccountOf(long id) => Accounts.TryGetValue(id, out var account) ? account : throw new RpcFault(400, "PEER_ID_INVALID");

    public Room RoomOf(long id) => Rooms.TryGetValue(id, out var room) ? room : throw new RpcFault(400, "CHANNEL_INVALID");

    public Room CreateRoom(string title, RoomKind kind, long creator, IEnumerable<long> members, string? username = null, long? id = null, int? date = null)
    {
        var room = new Room(id ?? ++_lastRoom, title, kind, creator, date ?? Now) { Username = username };
        _lastRoom = Math.Max(_lastRoom, room.Id);
        Rooms.Add(room.Id, room);
        foreach (var member in members.Prepend(creator)) Join(room, member);
        return room;
    }

    public void Join(Room room, long member)
    {
        room.Members.Add(member);
        AccountOf(member).Chats.Add(room.Id);
    }

    public StoredFile AddFile(Func<long, StoredFile> create)
    {
        var file = create(++_lastFile);
        Restore(file);
        return file;
    }

    public void Restore(StoredFile file)
    {
        _lastFile = Math.Max(_lastFile, file.Id);
        Files.Add(file.Id, file);
    }

    public byte[] ReferenceOf(long fileId) => [.. BitConverter.GetBytes(ReferenceEpoch), .. BitConverter.GetBytes(fileId), 0, 0, 0, 0, 0];

    public void CheckReference(ReadOnlySpan<byte> reference, long fileId)
    {
        if (reference.IsEmpty) throw new RpcFault(400, "FILE_REFERENCE_EMPTY");
        if (!reference.SequenceEqual(ReferenceOf(fileId))) throw new RpcFault(400, "FILE_REFERENCE_EXPIRED");
    }

    public StoredFile FileOf(long id, long accessHash) =>
        Files.TryGetValue(id, out var file) && accessHash == AccessHashes.Of(id) ? file : throw new RpcFault(400, "FILE_ID_INVALID");

    /// <summary>Notes a change in a box and tells who follows it.</summary>
    public int Record(MessageBox box, int count, Func<int, Update> update)
    {
        var pts = box.Record(count, update);
        Changed?.Invoke(box, box.Since(pts - 1).Last());
        return pts;
    }

    /// <summary>A message as it is now: file references are those of the moment.</summary>
    public MessageBase Fresh(MessageBase message) => message is Message { Media: { } media } m ? m with { Media = Fresh(media) } : message;

    public MessageMedia Fresh(MessageMedia media) => media switch
    {
        MessageMediaDocument { Document: Document d } x => x with { Document = d with { FileReference = ReferenceOf(d.Id) } },
        MessageMediaPhoto { Photo: Photo p } x => x with { Photo = p with { FileReference = ReferenceOf(p.Id) } },
        _ => media,
    };

    public Update Fresh(Update update) => update switch
    {
        UpdateNewMessage u => u with { Message = Fresh(u.Message) },
        UpdateNewChannelMessage u => u with { Message = Fresh(u.Message) },
        UpdateEditMessage u => u with { Message = Fresh(u.Message) },
        UpdateEditChannelMessage u => u with { Message = Fresh(u.Message) },
        _ => update,
    };
}
