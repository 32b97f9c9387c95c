using System.Globalization;
using System.Security.Cryptography;
using Holdfast.Mtproto.Connections;
using Holdfast.Mtproto.Crypto;
using Holdfast.Mtproto.DataCenters;
using Holdfast.Mtproto.Feed;
using Holdfast.Mtproto.Files;
using Holdfast.Mtproto.Login;
using Holdfast.Mtproto.Sessions;
using Holdfast.Mtproto.Tl;

namespace Holdfast.Mtproto.LiveCheck;

/// <summary>The steps of docs/telegram-live-check.md. Everything happens in Saved Messages and is deleted at the end.</summary>
internal sealed class Steps : IAsyncDisposable
{
    private const int FileSize = 24_000_000;
    private readonly MemorySessionStore _store = new();
    private readonly TelegramOptions _options;
    private readonly byte[] _bytes = RandomNumberGenerator.GetBytes(FileSize);
    private readonly List<int> _sent = [];
    private TelegramClient _client;
    private Message? _message;

    private Steps(TelegramOptions options, TelegramClient client, MemorySessionStore store) => (_options, _client, _store) = (options, client, store);

    public static async Task<Steps> OpenAsync(string[] args)
    {
        // With a port and a key file the check runs against the test server instead.
        var network = args is [var port, var key]
            ? new TelegramNetwork([new DataCenter(2, "127.0.0.1", int.Parse(port, CultureInfo.InvariantCulture))], [TelegramPublicKey.FromPem(await File.ReadAllTextAsync(key))])
            : TelegramNetwork.Production;
        var options = new TelegramOptions
        {
            Identity = new ClientIdentity(int.Parse(Answers.Ask("TELEGRAM_API_ID", "api_id from my.telegram.org"), CultureInfo.InvariantCulture), "Holdfast live check"),
            ApiHash = Answers.Ask("TELEGRAM_API_HASH", "api_hash", isSecret: true),
            Network = network,
            OnEvent = e => Console.WriteLine(e switch
            {
                ClientEvent.Waiting w => $"        Telegram asks to wait {w.Pause} ({w.Error} for {w.Method})",
                ClientEvent.Reconnecting r => $"        reconnecting to data centre {r.DataCenter.Id}: {r.Reason}",
                ClientEvent.Migrated m => $"        the account lives in data centre {m.DataCenter.Id}",
                ClientEvent.Connected c => $"        connected to data centre {c.DataCenter.Id}",
                _ => "",
            }),
        };
        var store = new MemorySessionStore();
        return new Steps(options, await TelegramClient.OpenAsync(options, store), store);
    }

    public async Task<string> ConnectAsync()
    {
        var config = await _client.CallAsync(new HelpGetConfig());
        return $"data centre {config.ThisDc}, clock {DateTimeOffset.UtcNow.ToUnixTimeSeconds() - config.Date:+0;-0;0} s";
    }

    public async Task<string> LogInAsync()
    {
        var sent = await _client.Login.SendCodeAsync(Answers.Ask("TELEGRAM_PHONE", "phone number, international"));
        try
        {
            await _client.Login.SignInAsync(sent, Answers.Ask("TELEGRAM_CODE", "the code Telegram sent"));
            return "with a code";
        }
        catch (PasswordNeededException e)
        {
            await _client.Login.CheckPasswordAsync(Answers.Ask("TELEGRAM_PASSWORD", $"the account's password (hint: {e.Hint})", isSecret: true));
            return "with a code and a password";
        }
    }

    public async Task<string> ListDialogsAsync() => await _client.CallAsync(new MessagesGetDialogs { OffsetPeer = new InputPeerEmpty(), Limit = 100 }) switch
    {
        MessagesDialogs d => $"{d.Dialogs.Length} of {d.Dialogs.Length}",
        MessagesDialogsSlice d => $"{d.Dialogs.Length} of {d.Count}",
        _ => throw new TlException("No list came."),
    };

    public async Task<string> UploadAsync()
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var answer = await _client.Files.SendAsync(new MemoryStream(_bytes), "holdfast-check.bin", file => new MessagesSendMedia
        {
            Peer = new InputPeerSelf(),
            Media = new InputMediaUploadedDocument { File = file, MimeType = "application/octet-stream", Attributes = [new DocumentAttributeFilename { FileName = "holdfast-check.bin" }] },
            Message = "",
            RandomId = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(8)),
        });
        _message = Note(answer);
        return Speed(watch);
    }

    public async Task<string> DownloadAsync()
    {
        var document = (Document)((MessageMediaDocument)Sent().Media!).Document!;
        using var target = new MemoryStream();
        var watch = System.Diagnostics.Stopwatch.StartNew();
        await _client.Files.DownloadAsync(FileSource.Of(document), target);
        if (!target.ToArray().AsSpan().SequenceEqual(_bytes)) throw new InvalidDataException("other bytes came back");
        return $"{Speed(watch)}, data centre {document.DcId}";
    }

    public async Task<string> HearAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var text = "holdfast check " + RandomNumberGenerator.GetHexString(8);
        // Said from another session of this very client: the difference and the push must both work for it to be heard once.
        var heard = Task.Run(async () =>
        {
            await foreach (var item in _client.Updates.ListenAsync(patience.Token))
                if (item is FeedItem.Changed { Update: UpdateNewMessage { Message: Message m } } && m.MessageText == text) return;
        });
        while (!heard.IsCompleted)
        {
            Note(await _client.CallAsync(new MessagesSendMessage { Peer = new InputPeerSelf(), Message = text, RandomId = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(8)) }, patience.Token));
            await Task.WhenAny(heard, Task.Delay(TimeSpan.FromSeconds(3), patience.Token));
        }
        await heard;
        return "";
    }

    public async Task<string> ResumeAsync()
    {
        await _client.DisposeAsync();
        _client = await TelegramClient.OpenAsync(_options, _store);
        await _client.CallAsync(new UpdatesGetState());
        return "without a login";
    }

    public async Task<string> DeleteAsync()
    {
        await _client.CallAsync(new MessagesDeleteMessages { Revoke = true, Id = [.. _sent] });
        return $"{_sent.Count} messages";
    }

    public async Task<string> LogOutAsync()
    {
        await _client.Login.LogOutAsync();
        return "";
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await _store.DisposeAsync();
    }

    private static string Speed(System.Diagnostics.Stopwatch watch) => $"{FileSize / 1e6 / watch.Elapsed.TotalSeconds:0.0} MB/s";

    private Message Sent() => _message ?? throw new InvalidOperationException("nothing was uploaded");

    private Message Note(UpdatesBase answer)
    {
        // A short answer names the message alone.
        if (answer is UpdateShortSentMessage brief)
        {
            _sent.Add(brief.Id);
            return new Message { Id = brief.Id, PeerId = new PeerUser { UserId = _client.UserId ?? 0 }, MessageText = "", Media = brief.Media };
        }
        var message = (Message)((Updates)answer).UpdatesValue.OfType<UpdateNewMessage>().Single().Message;
        _sent.Add(message.Id);
        return message;
    }
}
