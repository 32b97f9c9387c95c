using Holdfast.Mtproto.Files;
using Holdfast.Mtproto.Tl;

namespace Holdfast.Mtproto.Tests;

/// <summary>Documents in Saved Messages.</summary>
internal static class Chats
{
    public static byte[] Bytes(int seed, int count)
    {
        var bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    public static MessagesSendMedia Sending(InputFileBase file) => new()
    {
        Peer = new InputPeerSelf(),
        Media = new InputMediaUploadedDocument { File = file, MimeType = "application/octet-stream", Attributes = [] },
        Message = "",
        RandomId = Random.Shared.NextInt64(),
    };

    public static async Task<Message> SendAsync(TelegramClient client, Stream bytes, string name = "file.bin", UploadOptions? options = null) =>
        MessageIn(await client.Files.SendAsync(bytes, name, Sending, options));

    public static Task<Message> SendAsync(TelegramClient client, byte[] bytes) => SendAsync(client, new MemoryStream(bytes));

    public static Message MessageIn(UpdatesBase answer) => (Message)((Updates)answer).UpdatesValue.OfType<UpdateNewMessage>().Single().Message;

    public static Document DocumentIn(Message message) => (Document)((MessageMediaDocument)message.Media!).Document!;

    public static FileSource SourceOf(TelegramClient client, Message message) => FileSource.Of(DocumentIn(message), async ct =>
    {
        var answer = await client.CallAsync(new MessagesGetMessages { Id = [new InputMessageID { Id = message.Id }] }, ct);
        return DocumentIn((Message)((MessagesMessages)answer).Messages.Single());
    });

    public static async Task<byte[]> ReadAsync(TelegramClient client, Message message, DownloadOptions? options = null)
    {
        using var target = new MemoryStream();
        await client.Files.DownloadAsync(SourceOf(client, message), target, options);
        return target.ToArray();
    }
}
