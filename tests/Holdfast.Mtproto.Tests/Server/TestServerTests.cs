using System.Diagnostics;
using Holdfast.Mtproto.Calls;
using Holdfast.Mtproto.Crypto;
using Holdfast.Mtproto.DataCenters;
using Holdfast.Mtproto.TestServer;
using Holdfast.Mtproto.Tl;

namespace Holdfast.Mtproto.Tests;

public sealed class TestServerTests
{
    private static async Task<RpcException> RefusedAsync<T>(TelegramClient client, ITlMethod<T> method) => await Should.ThrowAsync<RpcException>(() => client.CallAsync(method));

    [Fact]
    public async Task TheLimitsOfUploadsAreTelegrams()
    {
        await using var telegram = new TelegramFixture();
        var client = await telegram.BobAsync();
        (await RefusedAsync(client, new UploadSaveFilePart { FileId = 1, FilePart = 0, Bytes = Array.Empty<byte>() })).Error.ShouldBe("FILE_PART_EMPTY");
        (await RefusedAsync(client, new UploadSaveFilePart { FileId = 1, FilePart = 0, Bytes = new byte[(512 << 10) + 1] })).Error.ShouldBe("FILE_PART_TOO_BIG");
        (await RefusedAsync(client, new UploadSaveFilePart { FileId = 1, FilePart = 4000, Bytes = new byte[1024] })).Error.ShouldBe("FILE_PART_INVALID");
        await client.CallAsync(new UploadSaveFilePart { FileId = 2, FilePart = 0, Bytes = new byte[1000] });
        await client.CallAsync(new UploadSaveFilePart { FileId = 2, FilePart = 1, Bytes = new byte[1000] });
        (await RefusedAsync(client, Chats.Sending(new InputFile { Id = 2, Parts = 2, Name = "f", Md5Checksum = "" }))).Error.ShouldBe("FILE_PART_SIZE_INVALID");
        (await RefusedAsync(client, Chats.Sending(new InputFile { Id = 2, Parts = 3, Name = "f", Md5Checksum = "" }))).Error.ShouldBe("FILE_PART_2_MISSING");
        (await RefusedAsync(client, Chats.Sending(new InputFile { Id = 2, Parts = 1, Name = "f", Md5Checksum = "00" }))).Error.ShouldBe("MD5_CHECKSUM_INVALID");
    }

    [Theory]
    [InlineData(0, 1000, "LIMIT_INVALID")]
    [InlineData(100, 4096, "OFFSET_INVALID")]
    [InlineData(0, 2 << 20, "LIMIT_INVALID")]
    [InlineData((1 << 20) - 4096, 8192, "LIMIT_INVALID")]
    [InlineData(0, 12288, "LIMIT_INVALID")]
    public async Task TheLimitsOfDownloadsAreTelegrams(long offset, int limit, string error)
    {
        await using var telegram = new TelegramFixture();
        var client = await telegram.BobAsync();
        var document = Chats.DocumentIn(await Chats.SendAsync(client, Chats.Bytes(1, 5000)));
        var location = new InputDocumentFileLocation { Id = document.Id, AccessHash = document.AccessHash, FileReference = document.FileReference, ThumbSize = "" };
        (await RefusedAsync(client, new UploadGetFile { Location = location, Offset = offset, Limit = limit })).Error.ShouldBe(error);
    }

    [Fact]
    public async Task TooManyCallsAreSentAwayAndTheClientLearnsTheirPace()
    {
        await using var telegram = new TelegramFixture(new ServerOptions { SeedChats = 1 });
        var client = await telegram.AliceAsync(telegram.Options(time: new QuickTime(factor: 10)));
        telegram.Server.Faults.Limits["messages.getDialogs"] = (20, TimeSpan.FromMilliseconds(150));
        for (var i = 0; i < 60; i++) await client.CallAsync(new MessagesGetDialogs { OffsetPeer = new InputPeerEmpty(), Limit = 1 });
        var waits = telegram.Events.OfType<ClientEvent.Waiting>().Count();
        waits.ShouldBeInRange(1, 6);
    }

    [Fact]
    public async Task HistoryIsPagedSearchedPinnedAndForwarded()
    {
        await using var telegram = new TelegramFixture(new ServerOptions { SeedChats = 6 });
        var alice = await telegram.AliceAsync();
        var found = await alice.CallAsync(new ContactsResolveUsername { Username = "news" });
        var news = found.Chats.OfType<Channel>().Single();
        var peer = new InputPeerChannel { ChannelId = news.Id, AccessHash = news.AccessHash!.Value };
        var seen = new List<int>();
        for (var offset = 0; ;)
        {
            var page = (MessagesChannelMessages)await alice.CallAsync(new MessagesGetHistory { Peer = peer, OffsetId = offset, Limit = 15 });
            if (page.Messages.Length == 0) break;
            seen.AddRange(page.Messages.Select(m => ((Message)m).Id));
            offset = seen[^1];
        }
        seen.ShouldBe(Enumerable.Range(1, 40).Reverse());
        var photos = (MessagesChannelMessages)await alice.CallAsync(new MessagesSearch { Peer = peer, Q = "", Filter = new InputMessagesFilterPhotos(), Limit = 100 });
        photos.Messages.Length.ShouldBe(5);
        await alice.CallAsync(new MessagesUpdatePinnedMessage { Peer = peer, Id = 7 });
        var pinned = (MessagesChannelMessages)await alice.CallAsync(new MessagesSearch { Peer = peer, Q = "", Filter = new InputMessagesFilterPinned(), Limit = 100 });
        ((Message)pinned.Messages.Single()).Id.ShouldBe(7);
        var forwarded = await alice.CallAsync(new MessagesForwardMessages { FromPeer = peer, Id = [1, 2], RandomId = [11, 12], ToPeer = new InputPeerSelf() });
        ((Updates)forwarded).UpdatesValue.OfType<UpdateNewMessage>().Count(u => ((Message)u.Message).FwdFrom is not null).ShouldBe(2);
        var refusal = await RefusedAsync(await telegram.BobAsync(), new MessagesSendMessage { Peer = peer with { ChannelId = news.Id + 1 }, Message = "x", RandomId = 1 });
        refusal.Error.ShouldBe("PEER_ID_INVALID");
    }

    [Fact]
    public async Task AForumHasTopicsWithMessagesOfTheirOwn()
    {
        await using var telegram = new TelegramFixture();
        var bob = await telegram.BobAsync();
        var forum = ((Updates)await bob.CallAsync(new ChannelsCreateChannel { Megagroup = true, Forum = true, Title = "forum", About = "" })).Chats.OfType<Channel>().Single();
        var peer = new InputPeerChannel { ChannelId = forum.Id, AccessHash = forum.AccessHash!.Value };
        var made = (Updates)await bob.CallAsync(new MessagesCreateForumTopic { Peer = peer, Title = "plans", RandomId = 1 });
        var topic = made.UpdatesValue.OfType<UpdateMessageID>().Single().Id;
        await bob.CallAsync(new MessagesSendMessage { Peer = peer, Message = "in the topic", RandomId = 2, ReplyTo = new InputReplyToMessage { ReplyToMsgId = topic, TopMsgId = topic } });
        await bob.CallAsync(new MessagesSendMessage { Peer = peer, Message = "beside it", RandomId = 3 });
        var topics = await bob.CallAsync(new MessagesGetForumTopics { Peer = peer, Limit = 10 });
        topics.Topics.OfType<ForumTopic>().Single().Title.ShouldBe("plans");
        var replies = (MessagesChannelMessages)await bob.CallAsync(new MessagesGetReplies { Peer = peer, MsgId = topic, Limit = 10 });
        ((Message)replies.Messages.Single()).MessageText.ShouldBe("in the topic");
    }

    [Fact]
    public async Task ATakeoutReadsWhatNormalCallsDo()
    {
        await using var telegram = new TelegramFixture(new ServerOptions { SeedChats = 2 });
        var alice = await telegram.AliceAsync();
        var takeout = await alice.BeginTakeoutAsync(new AccountInitTakeoutSession { MessageUsers = true });
        (await takeout.CallAsync(new MessagesGetSplitRanges())).Length.ShouldBe(1);
        var left = await takeout.CallAsync(new ChannelsGetLeftChannels());
        left.ShouldNotBeNull();
        await takeout.FinishAsync(success: true);
        (await RefusedAsync(alice, new ChannelsGetLeftChannels())).Error.ShouldBe("TAKEOUT_REQUIRED");
    }

    [Fact]
    public async Task TheServerAsAProgramKeepsItsStateBetweenTwoRuns()
    {
        var folder = Directory.CreateTempSubdirectory("mtproto-server-").FullName;
        try
        {
            var bytes = Chats.Bytes(3, 700_000);
            await using var store = new Sessions.MemorySessionStore();
            int message;
            await using (var run = await ServerProgram.StartAsync(folder))
            {
                await using var client = await TelegramClient.OpenAsync(run.Options(), store);
                await TelegramFixture.LogInAsync(client, "15550001", "s3cret");
                message = (await Chats.SendAsync(client, bytes)).Id;
            }
            await using (var run = await ServerProgram.StartAsync(folder))
            {
                await using var client = await TelegramClient.OpenAsync(run.Options(), store);
                client.UserId.ShouldBe(1001);
                var answer = (MessagesMessages)await client.CallAsync(new MessagesGetMessages { Id = [new InputMessageID { Id = message }] });
                (await Chats.ReadAsync(client, (Message)answer.Messages.Single())).ShouldBe(bytes);
                var dialogs = (MessagesDialogs)await client.CallAsync(new MessagesGetDialogs { OffsetPeer = new InputPeerEmpty(), Limit = 100 });
                dialogs.Dialogs.Length.ShouldBe(5);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private sealed class ServerProgram : IAsyncDisposable
    {
        private readonly Process _process;
        private readonly string _key;
        private readonly int _port;

        private ServerProgram(Process process, string key, int port) => (_process, _key, _port) = (process, key, port);

        public static async Task<ServerProgram> StartAsync(string folder)
        {
            var key = Path.Combine(folder, "key.pem");
            var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, UseShellExecute = false };
            foreach (var argument in new[] { typeof(TelegramServer).Assembly.Location, "--port", "0", "--key", key, "--data", Path.Combine(folder, "data"), "--seed-chats", "3" }) start.ArgumentList.Add(argument);
            var process = Process.Start(start)!;
            var line = await process.StandardOutput.ReadLineAsync() ?? "";
            var port = System.Text.RegularExpressions.Regex.Match(line, @"data centre 2 on 127\.0\.0\.1:(\d+)").Groups[1].Value;
            return new ServerProgram(process, key, int.Parse(port, System.Globalization.CultureInfo.InvariantCulture));
        }

        public TelegramOptions Options() => new()
        {
            Identity = new Connections.ClientIdentity(1),
            ApiHash = "0123456789abcdef0123456789abcdef",
            Network = new TelegramNetwork([new DataCenter(2, "127.0.0.1", _port)], [TelegramPublicKey.FromPem(File.ReadAllText(_key))]),
        };

        public async ValueTask DisposeAsync()
        {
            _process.Kill();
            await _process.WaitForExitAsync();
            _process.Dispose();
        }
    }
}
