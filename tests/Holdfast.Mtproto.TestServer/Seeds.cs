using Holdfast.Mtproto.TestServer.Api;
using Holdfast.Mtproto.TestServer.World;
using Holdfast.Mtproto.Tl;

namespace Holdfast.Mtproto.TestServer;

/// <summary>Chats to begin with: groups, supergroups, forums and channels in turn, with text, documents, photos, voice and stickers.</summary>
internal static class Seeds
{
    private const int MessagesEach = 40;

    public static void Plant(TelegramServer server, int chats, int seed)
    {
        var random = new Random(seed);
        var world = server.World;
        var alice = world.Accounts[1001];
        for (var i = 0; i < chats; i++)
        {
            var kind = (RoomKind)(i % 3);
            var room = world.CreateRoom($"{kind} {i + 1}", kind, alice.Id, [1002, 1003], i == 1 ? "news" : null);
            room.IsForum = i % 6 == 4;
            // Once before its messages, which name it, and once with its topics.
            server.Remember(room);
            for (var m = 0; m < MessagesEach; m++) Say(server, world.Accounts[kind == RoomKind.Channel ? 1001 : 1001 + (m % 3)], room.Peer, Draw(server, random, m, room));
            server.Remember(room);
        }
        if (chats > 0) Say(server, world.Accounts[1002], new PeerUser { UserId = alice.Id }, new Draft { Text = "Hello Alice" });
    }

    private static void Say(TelegramServer server, Account sender, Peer peer, Draft draft) => Post.Into(server.World, sender, peer, draft with { Date = server.World.Now - 3600 });

    private static Draft Draw(TelegramServer server, Random random, int number, Room room)
    {
        if (room.IsForum && number == 0)
        {
            room.Topics[1] = "General";
            return new Draft { Action = new MessageActionTopicCreate { Title = "General", IconColor = 1 } };
        }
        var draft = (number % 8) switch
        {
            3 => new Draft { Text = $"photo {number}", Media = MediaCalls.OfPhoto(Photo(server, random), server.World) },
            5 => new Draft { Text = $"document {number}", Media = MediaCalls.OfDocument(Document(server, random, "application/pdf", new DocumentAttributeFilename { FileName = $"paper-{number}.pdf" }), server.World) },
            6 => new Draft { Media = MediaCalls.OfDocument(Document(server, random, "audio/ogg", new DocumentAttributeAudio { Voice = true, Duration = 3 }), server.World) },
            7 => new Draft { Media = MediaCalls.OfDocument(Document(server, random, "image/webp", new DocumentAttributeSticker { Alt = "🙂", Stickerset = new InputStickerSetEmpty() }), server.World) },
            _ => new Draft { Text = $"message {number} of {room.Title}" },
        };
        return room.IsForum ? draft with { Topic = 1 } : draft;
    }

    private static StoredFile Photo(TelegramServer server, Random random) =>
        server.Keep(id => new StoredFile(id, [Bytes(random, 2000)], 4096, 2, server.World.Now, isPhoto: true));

    private static StoredFile Document(TelegramServer server, Random random, string mime, DocumentAttribute attribute) =>
        server.Keep(id => new StoredFile(id, [Bytes(random, 3000)], 4096, 2, server.World.Now, isPhoto: false) { MimeType = mime, Attributes = [attribute] });

    private static byte[] Bytes(Random random, int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }
}
