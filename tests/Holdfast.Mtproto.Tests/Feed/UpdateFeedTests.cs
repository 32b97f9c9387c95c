using System.Collections.Concurrent;
using Holdfast.Mtproto.Feed;
using Holdfast.Mtproto.Sessions;
using Holdfast.Mtproto.TestServer.Faults;
using Holdfast.Mtproto.Tl;

namespace Holdfast.Mtproto.Tests;

public sealed class UpdateFeedTests
{
    /// <summary>Listens until told to stop, and notes what came.</summary>
    private sealed class Listener : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _loop;

        public Listener(TelegramClient client, ConcurrentQueue<string> heard)
        {
            _loop = Task.Run(async () =>
            {
                try
                {
                    await foreach (var item in client.Updates.ListenAsync(_stop.Token))
                        if (Describe(item) is { } text) heard.Enqueue(text);
                }
                catch (OperationCanceledException)
                {
                }
            });
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _loop;
        }

        private static string? Describe(FeedItem item) => item switch
        {
            FeedItem.Changed { Update: UpdateNewMessage { Message: Message m } } => m.MessageText,
            FeedItem.Changed { Update: UpdateNewChannelMessage { Message: Message m } } => m.MessageText,
            FeedItem.Changed { Update: UpdateEditMessage { Message: Message m } } => "edited " + m.MessageText,
            FeedItem.Changed { Update: UpdateDeleteMessages d } => "deleted " + string.Join(',', d.Messages),
            FeedItem.TooFarBehind behind => $"too far behind {behind.ChannelId}",
            _ => null,
        };
    }

    private static async Task<(InputPeerUser Bob, InputPeerChannel Channel)> MeetAsync(TelegramClient alice, TelegramClient bob)
    {
        var found = await alice.CallAsync(new ContactsResolveUsername { Username = "bob" });
        var user = found.Users.OfType<User>().Single();
        var created = (Updates)await bob.CallAsync(new ChannelsCreateChannel { Megagroup = true, Title = "talk", About = "" });
        var channel = created.Chats.OfType<Channel>().Single();
        return (new InputPeerUser { UserId = user.Id, AccessHash = user.AccessHash!.Value }, new InputPeerChannel { ChannelId = channel.Id, AccessHash = channel.AccessHash!.Value });
    }

    private static Task<UpdatesBase> SayAsync(TelegramClient client, InputPeer peer, string text) =>
        client.CallAsync(new MessagesSendMessage { Peer = peer, Message = text, RandomId = Random.Shared.NextInt64() });

    [Fact]
    public async Task NewEditedAndDeletedMessagesAreHeard()
    {
        await using var telegram = new TelegramFixture();
        var alice = await telegram.AliceAsync();
        var bob = await telegram.BobAsync();
        var (toBob, _) = await MeetAsync(alice, bob);
        var heard = new ConcurrentQueue<string>();
        await using var listener = new Listener(bob, heard);
        await Eventually.TrueAsync(() => telegram.Server.CallsOf("updates.getDifference") > 0);
        await SayAsync(alice, toBob, "hello");
        await Eventually.TrueAsync(() => heard.Contains("hello"));
        await bob.CallAsync(new MessagesDeleteMessages { Id = [1] });
        var own = Chats.MessageIn(await SayAsync(bob, new InputPeerSelf(), "draft"));
        await bob.CallAsync(new MessagesEditMessage { Peer = new InputPeerSelf(), Id = own.Id, Message = "final" });
        await Eventually.TrueAsync(() => heard.Count == 4);
        heard.ShouldBe(["hello", "deleted 1", "draft", "edited final"]);
    }

    [Fact]
    public async Task WhatHappenedWhileNobodyListenedComesFirst()
    {
        await using var telegram = new TelegramFixture();
        var alice = await telegram.AliceAsync();
        var bob = await telegram.BobAsync();
        var (toBob, channel) = await MeetAsync(alice, bob);
        var heard = new ConcurrentQueue<string>();
        await using (new Listener(bob, heard)) await Eventually.TrueAsync(() => telegram.Server.CallsOf("updates.getDifference") > 0);
        for (var i = 0; i < 150; i++) await SayAsync(alice, toBob, $"private {i}");
        var elsewhere = await telegram.BobAsync();
        for (var i = 0; i < 120; i++) await SayAsync(elsewhere, channel, $"group {i}");
        await using (new Listener(bob, heard)) await Eventually.TrueAsync(() => heard.Count >= 270);
        heard.Distinct().Count().ShouldBe(270);
        heard.Where(h => h.StartsWith("private", StringComparison.Ordinal)).ShouldBe(Enumerable.Range(0, 150).Select(i => $"private {i}"));
        heard.Where(h => h.StartsWith("group", StringComparison.Ordinal)).ShouldBe(Enumerable.Range(0, 120).Select(i => $"group {i}"));
    }

    /// <summary>A day of talk: updates get lost, repeated and out of order, lines break, and the listener's program restarts.</summary>
    [Fact]
    public async Task ADayOfUpdatesWithRestartsIsHeardWholeAndOnce()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        await using var telegram = new TelegramFixture();
        var alice = await telegram.AliceAsync();
        var store = new MemorySessionStore();
        var bob = await TelegramClient.OpenAsync(telegram.Options(), store);
        await TelegramFixture.LogInAsync(bob, "15550002", null);
        var speaker = await telegram.BobAsync();
        var (toBob, channel) = await MeetAsync(alice, speaker);
        telegram.Server.Faults.OnPush = () =>
        {
            lock (random) return random.Next(10) switch { 0 => PushFault.Lose, 1 => PushFault.Repeat, 2 => PushFault.Delay, _ => PushFault.None };
        };
        var heard = new ConcurrentQueue<string>();
        var said = new List<string>();
        var listener = new Listener(bob, heard);
        await Eventually.TrueAsync(() => telegram.Server.CallsOf("updates.getDifference") > 0);
        for (var hour = 0; hour < 24; hour++)
        {
            for (var i = 0; i < Soak.Count(12, 200); i++)
            {
                var text = $"{hour}:{i}";
                said.Add(text);
                if (random.Next(2) == 0) await SayAsync(alice, toBob, text);
                else await SayAsync(speaker, channel, text);
            }
            if (hour % 4 == 1) telegram.Server.DropConnections();
            if (hour % 7 == 3) telegram.Server.ForgetSessions();
            if (hour % 5 != 2) continue;
            await listener.DisposeAsync();
            await bob.DisposeAsync();
            bob = await TelegramClient.OpenAsync(telegram.Options(), store);
            listener = new Listener(bob, heard);
        }
        // A last word that is certain to be pushed shows the gaps before it.
        telegram.Server.Faults.OnPush = null;
        said.Add("goodbye");
        said.Add("good night");
        await SayAsync(alice, toBob, "goodbye");
        await SayAsync(speaker, channel, "good night");
        await Eventually.TrueAsync(() => heard.Contains("goodbye") && heard.Contains("good night"), seconds: 30);
        await listener.DisposeAsync();
        await bob.DisposeAsync();
        heard.Order(StringComparer.Ordinal).ShouldBe(said.Order(StringComparer.Ordinal), $"seed {seed}");
    }

    [Fact]
    public async Task TwoListenersAreOneTooMany()
    {
        await using var telegram = new TelegramFixture();
        var bob = await telegram.BobAsync();
        var heard = new ConcurrentQueue<string>();
        await using var listener = new Listener(bob, heard);
        await Eventually.TrueAsync(() => telegram.Server.CallsOf("updates.getDifference") > 0);
        await Should.ThrowAsync<InvalidOperationException>(async () => await bob.Updates.ListenAsync().GetAsyncEnumerator().MoveNextAsync());
    }
}
