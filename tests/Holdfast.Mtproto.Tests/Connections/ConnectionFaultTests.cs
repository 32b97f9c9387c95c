using System.Collections.Concurrent;
using Holdfast.Mtproto.Calls;
using Holdfast.Mtproto.TestServer;
using Holdfast.Mtproto.TestServer.Faults;
using Holdfast.Mtproto.TestServer.Wire;
using Holdfast.Mtproto.Tl;

namespace Holdfast.Mtproto.Tests;

public sealed class ConnectionFaultTests
{
    [Theory]
    [InlineData(-600)]
    [InlineData(600)]
    [InlineData(-86_400 * 400)]
    public async Task AClockThatIsOffDoesNotMatter(int seconds)
    {
        await using var telegram = new TelegramFixture(new ServerOptions { Clock = new WrongTime(TimeSpan.FromSeconds(seconds)) });
        var client = await telegram.BobAsync();
        var bytes = Chats.Bytes(1, 700_000);
        (await Chats.ReadAsync(client, await Chats.SendAsync(client, bytes))).ShouldBe(bytes);
    }

    [Theory]
    [InlineData(-600)]
    [InlineData(600)]
    public async Task AClockThatWasSetBetweenTwoRunsDoesNotMatterEither(int seconds)
    {
        await using var telegram = new TelegramFixture();
        var store = new Sessions.MemorySessionStore();
        await using (var first = await TelegramClient.OpenAsync(telegram.Options(), store)) await TelegramFixture.LogInAsync(first, "15550002", null);
        var second = await telegram.OpenAsync(telegram.Options(time: new WrongTime(TimeSpan.FromSeconds(seconds))), store);
        (await second.CallAsync(new UpdatesGetState())).Pts.ShouldBeGreaterThan(0);
        telegram.Server.Handshakes.ShouldBe(1);
    }

    [Fact]
    public async Task ASaltThatChangedIsLearnedAndTheCallSentAgain()
    {
        await using var telegram = new TelegramFixture();
        var client = await telegram.BobAsync();
        telegram.Server.ChangeSalts();
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => client.CallAsync(new UpdatesGetState())));
        answers.Length.ShouldBe(20);
    }

    [Fact]
    public async Task AServerThatForgotItsSessionsIsMetWithNewOnes()
    {
        await using var telegram = new TelegramFixture();
        var client = await telegram.BobAsync();
        telegram.Server.ForgetSessions();
        (await client.CallAsync(new UpdatesGetState())).Pts.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task AKeyThatTheServerForgotEndsTheLoginWithAnExplanation()
    {
        await using var telegram = new TelegramFixture();
        var client = await telegram.BobAsync();
        telegram.Server.ForgetKeys();
        (await Should.ThrowAsync<SessionLostException>(() => client.CallAsync(new UpdatesGetState()))).Message.ShouldContain("Log in");
        await TelegramFixture.LogInAsync(client, "15550002", null);
        client.UserId.ShouldBe(1002);
    }

    [Fact]
    public async Task ALostAnswerIsAskedForAgainAndTheCallDoneOnce()
    {
        await using var telegram = new TelegramFixture();
        var client = await telegram.BobAsync();
        var lost = 0;
        telegram.Server.Faults.OnCall = (method, _) => method == "messages.sendMessage" && Interlocked.Increment(ref lost) == 1 ? CallFault.LoseAnswer : CallFault.None;
        var answer = await client.CallAsync(new MessagesSendMessage { Peer = new InputPeerSelf(), Message = "once", RandomId = 5 }).WaitAsync(TimeSpan.FromSeconds(20));
        Chats.MessageIn(answer).MessageText.ShouldBe("once");
        telegram.Server.CallsOf("messages.sendMessage").ShouldBe(1);
    }

    [Fact]
    public async Task AnAnswerThatComesTwiceIsTakenOnce()
    {
        await using var telegram = new TelegramFixture();
        var client = await telegram.BobAsync();
        telegram.Server.Faults.OnCall = (_, _) => CallFault.RepeatAnswer;
        for (var i = 0; i < 20; i++) (await client.CallAsync(new UpdatesGetState())).Pts.ShouldBeGreaterThan(0);
        telegram.Server.CallsOf("updates.getState").ShouldBe(20);
    }

    [Fact]
    public async Task ALineThatIsOpenAndDeadIsReplaced()
    {
        await using var telegram = new TelegramFixture();
        var client = await telegram.BobAsync();
        var frozen = 0;
        telegram.Server.Faults.OnCall = (method, _) => method == "updates.getState" && Interlocked.Increment(ref frozen) == 1 ? CallFault.HalfOpen : CallFault.None;
        (await client.CallAsync(new UpdatesGetState()).WaitAsync(TimeSpan.FromSeconds(20))).Pts.ShouldBeGreaterThan(0);
        telegram.Events.OfType<ClientEvent.Reconnecting>().ShouldNotBeEmpty();
    }

    [Fact]
    public async Task AConnectionThatBreaksAFiftiethTimeIsMendedLikeTheFirst()
    {
        await using var telegram = new TelegramFixture();
        var client = await telegram.BobAsync();
        for (var i = 0; i < 50; i++)
        {
            telegram.Server.DropConnections();
            (await client.CallAsync(new UpdatesGetState()).WaitAsync(TimeSpan.FromSeconds(20))).Pts.ShouldBeGreaterThan(0);
        }
    }

    [Fact]
    public async Task PackedAnswersInContainersAndLostAcknowledgementsAreUnderstood()
    {
        await using var telegram = new TelegramFixture(new ServerOptions { SeedChats = 3 });
        telegram.Server.Faults.PackAbove = 200;
        telegram.Server.Faults.Containers = true;
        telegram.Server.Faults.LoseAcks = true;
        var client = await telegram.AliceAsync();
        var dialogs = (MessagesDialogs)await client.CallAsync(new MessagesGetDialogs { OffsetPeer = new InputPeerEmpty(), Limit = 100 });
        dialogs.Dialogs.Length.ShouldBe(4);
    }

    [Fact]
    public async Task ACancelledCallIsDroppedAtTheServerToo()
    {
        await using var telegram = new TelegramFixture();
        var client = await telegram.BobAsync();
        telegram.Server.Faults.Delay = method => method == "updates.getState" ? TimeSpan.FromMinutes(1) : TimeSpan.Zero;
        using var cancel = new CancellationTokenSource();
        var call = client.CallAsync(new UpdatesGetState(), cancel.Token);
        await Eventually.TrueAsync(() => telegram.Server.Keys().Any(k => k.Sessions.Count > 0));
        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => call);
        (await client.CallAsync(new HelpGetNearestDc())).ThisDc.ShouldBe(2);
    }

    [Fact]
    public async Task AServerThatHasTroubleIsAskedAgain()
    {
        await using var telegram = new TelegramFixture();
        var client = await telegram.BobAsync();
        var troubles = 0;
        telegram.Server.Faults.Refuse = (method, _) => method == "updates.getState" && Interlocked.Increment(ref troubles) < 3 ? new RpcFault(500, "RPC_CALL_FAIL") : null;
        (await client.CallAsync(new UpdatesGetState())).Pts.ShouldBeGreaterThan(0);
        troubles.ShouldBe(3);
    }

    [Fact]
    public async Task AHundredFilesArriveThroughManyBrokenConnectionsAndNoPartIsSentTwiceNeedlessly()
    {
        const int Files = 100;
        var log = new ConcurrentQueue<string>();
        await using var telegram = new TelegramFixture(new ServerOptions { Log = log.Enqueue });
        // Patient with a slow machine: here only the server breaks lines. One that the client gives up may still deliver what was sent.
        var patience = TelegramFixture.Impatient with { Silence = TimeSpan.FromSeconds(8), InquireAfter = TimeSpan.FromSeconds(2) };
        var client = await telegram.BobAsync(telegram.Options() with { Connections = patience });
        var cuts = 0;
        var wanted = Soak.Count(60, 1000);
        var calls = 0;
        // Every so many parts the line is cut, before or after the part was taken.
        telegram.Server.Faults.OnCall = (method, _) =>
        {
            if (!method.StartsWith("upload.", StringComparison.Ordinal) || Interlocked.Increment(ref calls) % 3 != 0 || cuts >= wanted) return CallFault.None;
            return Interlocked.Increment(ref cuts) % 2 == 0 ? CallFault.CutAfter : CallFault.CutBefore;
        };
        var size = Soak.IsOn ? 12_000_000 : 600_000;
        var sent = new ConcurrentDictionary<int, Message>();
        await Parallel.ForEachAsync(Enumerable.Range(0, Files), new ParallelOptions { MaxDegreeOfParallelism = 6 }, async (i, _) => sent[i] = await Chats.SendAsync(client, Chats.Bytes(i, size + (i * 4099))));
        await Parallel.ForEachAsync(Enumerable.Range(0, Files), new ParallelOptions { MaxDegreeOfParallelism = 6 }, async (i, _) =>
            (await Chats.ReadAsync(client, sent[i])).AsSpan().SequenceEqual(Chats.Bytes(i, size + (i * 4099))).ShouldBeTrue($"file {i}"));
        cuts.ShouldBe(wanted);
        telegram.Server.Uploads.Repeated.ShouldBe(0, string.Join('\n', log.Where(l => !l.StartsWith("connection closed", StringComparison.Ordinal) && !l.StartsWith("upload of", StringComparison.Ordinal))));
        TestContext.Current.TestOutputHelper?.WriteLine($"{cuts} cuts, {telegram.Server.RepeatedMessages} messages repeated, {telegram.Server.AcceptedConnections} connections");
    }
}
