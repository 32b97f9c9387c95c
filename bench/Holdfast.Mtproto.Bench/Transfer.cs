using System.Diagnostics;
using Holdfast.Mtproto.Connections;
using Holdfast.Mtproto.Crypto;
using Holdfast.Mtproto.DataCenters;
using Holdfast.Mtproto.Files;
using Holdfast.Mtproto.Sessions;
using Holdfast.Mtproto.Tl;

namespace Holdfast.Mtproto.Bench;

/// <summary>Megabytes (10⁶) a second up and down, CPU time and the most memory of this process.</summary>
internal sealed record TransferResult(double Up, double Down, TimeSpan Cpu, long PeakBytes);

/// <summary>One file up and down again.</summary>
internal static class Transfer
{
    public static async Task<TransferResult> RunAsync(string key, int port, long size, int connections)
    {
        var options = new TelegramOptions
        {
            Identity = new ClientIdentity(1),
            ApiHash = "0123456789abcdef0123456789abcdef",
            Network = new TelegramNetwork([new DataCenter(2, "127.0.0.1", port)], [TelegramPublicKey.FromPem(key)]),
            MaxTransferConnections = connections,
        };
        await using var store = new MemorySessionStore();
        await using var client = await TelegramClient.OpenAsync(options, store);
        await client.Login.SignInAsync(await client.Login.SendCodeAsync("15550002"), "12345");
        var before = Process.GetCurrentProcess().TotalProcessorTime;

        var watch = Stopwatch.StartNew();
        var answer = await client.Files.SendAsync(new PatternStream(size), "f.bin", file => new MessagesSendMedia
        {
            Peer = new InputPeerSelf(), Media = new InputMediaUploadedDocument { File = file, MimeType = "a/b", Attributes = [] }, Message = "", RandomId = Random.Shared.NextInt64(),
        });
        var up = size / 1e6 / watch.Elapsed.TotalSeconds;

        var message = (Message)((Updates)answer).UpdatesValue.OfType<UpdateNewMessage>().Single().Message;
        var document = (Document)((MessageMediaDocument)message.Media!).Document!;
        var target = new CountingStream();
        watch.Restart();
        await client.Files.DownloadAsync(FileSource.Of(document), target);
        var down = size / 1e6 / watch.Elapsed.TotalSeconds;
        if (target.Count != size) throw new InvalidDataException($"{target.Count} of {size} bytes came.");
        var process = Process.GetCurrentProcess();
        return new TransferResult(up, down, process.TotalProcessorTime - before, process.PeakWorkingSet64);
    }
}
