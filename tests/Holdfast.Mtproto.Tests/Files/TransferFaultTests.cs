using Holdfast.Mtproto.Calls;
using Holdfast.Mtproto.Files;
using Holdfast.Mtproto.TestServer.Faults;
using Holdfast.Mtproto.TestServer.Wire;
using Holdfast.Mtproto.Tl;

namespace Holdfast.Mtproto.Tests;

public sealed class TransferFaultTests
{
    private const int Size = 14_000_000;

    [Fact]
    public async Task AFileReferenceThatExpiredIsReadAgain()
    {
        await using var telegram = new TelegramFixture();
        var client = await telegram.BobAsync();
        var bytes = Chats.Bytes(1, Size);
        var message = await Chats.SendAsync(client, bytes);
        telegram.Server.World.ReferenceEpoch++;
        (await Chats.ReadAsync(client, message)).AsSpan().SequenceEqual(bytes).ShouldBeTrue();
        telegram.Server.CallsOf("messages.getMessages").ShouldBe(1);
    }

    [Fact]
    public async Task AReferenceThatExpiresInTheMiddleIsReadAgainOnce()
    {
        await using var telegram = new TelegramFixture();
        var client = await telegram.BobAsync();
        var bytes = Chats.Bytes(1, Size);
        var message = await Chats.SendAsync(client, bytes);
        var served = 0;
        telegram.Server.Faults.OnCall = (method, _) =>
        {
            if (method == "upload.getFile" && Interlocked.Increment(ref served) == 5) telegram.Server.World.ReferenceEpoch++;
            return CallFault.None;
        };
        (await Chats.ReadAsync(client, message)).AsSpan().SequenceEqual(bytes).ShouldBeTrue();
        telegram.Server.CallsOf("messages.getMessages").ShouldBe(1);
    }

    [Fact]
    public async Task AnExpiredReferenceWithoutAWayToANewOneIsAnError()
    {
        await using var telegram = new TelegramFixture();
        var client = await telegram.BobAsync();
        var message = await Chats.SendAsync(client, Chats.Bytes(1, 5000));
        telegram.Server.World.ReferenceEpoch++;
        await Should.ThrowAsync<FileReferenceExpiredException>(() => client.Files.DownloadAsync(FileSource.Of(Chats.DocumentIn(message)), new MemoryStream()));
    }

    [Fact]
    public async Task ASpoiledPartIsNoticedAndFetchedAgain()
    {
        await using var telegram = new TelegramFixture();
        var client = await telegram.BobAsync();
        var bytes = Chats.Bytes(2, Size);
        var message = await Chats.SendAsync(client, bytes);
        var spoiled = new HashSet<long>();
        telegram.Server.Faults.SpoilPart = offset =>
        {
            lock (spoiled) return offset % (3 << 20) == 0 && spoiled.Add(offset);
        };
        (await Chats.ReadAsync(client, message)).AsSpan().SequenceEqual(bytes).ShouldBeTrue();
        spoiled.Count.ShouldBeGreaterThan(2);
    }

    [Fact]
    public async Task APartThatStaysSpoiledIsAnErrorAndNotAFile()
    {
        await using var telegram = new TelegramFixture();
        var client = await telegram.BobAsync();
        var message = await Chats.SendAsync(client, Chats.Bytes(2, Size));
        telegram.Server.Faults.SpoilPart = offset => offset == 2 << 20;
        (await Should.ThrowAsync<FileCorruptException>(() => Chats.ReadAsync(client, message))).Offset.ShouldBe(2 << 20);
    }

    [Fact]
    public async Task AnUploadGoesOnAfterARestartWithoutSendingAPartTwice()
    {
        await using var telegram = new TelegramFixture();
        var bytes = Chats.Bytes(3, 20_000_000);
        UploadState? state = null;
        using var crash = new CancellationTokenSource();
        var first = await telegram.BobAsync();
        var options = new UploadOptions
        {
            OnState = s =>
            {
                state = s;
                if (!crash.IsCancellationRequested) crash.Cancel();
            },
        };
        StayUnanswered(telegram, "upload.saveBigFilePart", after: 24);
        await Should.ThrowAsync<OperationCanceledException>(() => first.Files.UploadAsync(new MemoryStream(bytes), "f", options, crash.Token));
        await first.DisposeAsync();
        telegram.Server.Faults.Delay = null;
        // Parts of the first run may still be on their way into the server: only the second one's key is counted.
        var earlier = telegram.Server.Keys().ToHashSet();
        var sentAgain = 0;
        telegram.Server.Faults.OnCall = (method, session) =>
        {
            if (method == "upload.saveBigFilePart" && !earlier.Contains(session.Key)) Interlocked.Increment(ref sentAgain);
            return CallFault.None;
        };

        var second = await telegram.BobAsync();
        var message = await Chats.SendAsync(second, new MemoryStream(bytes), options: new UploadOptions { Resume = state });
        (await Chats.ReadAsync(second, message)).AsSpan().SequenceEqual(bytes).ShouldBeTrue();
        var parts = (bytes.Length + FileLimits.UploadPart - 1) / FileLimits.UploadPart;
        var known = PartSet.FromBytes(parts, state!.Parts).Done;
        known.ShouldBeGreaterThan(0);
        sentAgain.ShouldBe(parts - known);
    }

    /// <summary>All parts may be under way at once: without this the transfer could be complete before it is broken off.</summary>
    private static void StayUnanswered(TelegramFixture telegram, string method, int after)
    {
        var calls = 0;
        telegram.Server.Faults.Delay = called => called == method && Interlocked.Increment(ref calls) > after ? TimeSpan.FromMinutes(1) : TimeSpan.Zero;
    }

    [Fact]
    public async Task APartThatTelegramLostIsSentAgain()
    {
        await using var telegram = new TelegramFixture();
        var client = await telegram.BobAsync();
        var bytes = Chats.Bytes(4, Size);
        var wasLost = false;
        var answer = await client.Files.SendAsync(new MemoryStream(bytes), "f", file =>
        {
            if (!wasLost) telegram.Server.Uploads.Forget(((InputFileBig)file).Id, 7);
            wasLost = true;
            return Chats.Sending(file);
        });
        (await Chats.ReadAsync(client, Chats.MessageIn(answer))).AsSpan().SequenceEqual(bytes).ShouldBeTrue();
    }

    [Fact]
    public async Task AnUploadWhosePartsExpiredBeginsAnew()
    {
        await using var telegram = new TelegramFixture();
        var client = await telegram.BobAsync();
        var bytes = Chats.Bytes(5, Size);
        var hasExpired = false;
        var answer = await client.Files.SendAsync(new MemoryStream(bytes), "f", file =>
        {
            if (!hasExpired) telegram.Server.Uploads.Expire();
            hasExpired = true;
            return Chats.Sending(file);
        });
        (await Chats.ReadAsync(client, Chats.MessageIn(answer))).AsSpan().SequenceEqual(bytes).ShouldBeTrue();
    }

    [Fact]
    public async Task ADownloadGoesOnAfterARestart()
    {
        await using var telegram = new TelegramFixture();
        var client = await telegram.BobAsync();
        var bytes = Chats.Bytes(6, Size);
        var message = await Chats.SendAsync(client, bytes);
        var path = Path.Combine(Path.GetTempPath(), $"mtproto-{Guid.NewGuid():N}");
        try
        {
            byte[]? state = null;
            using (var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write))
            {
                using var crash = new CancellationTokenSource();
                var options = new DownloadOptions
                {
                    OnState = parts =>
                    {
                        state ??= parts.ToBytes();
                        crash.Cancel();
                    },
                };
                StayUnanswered(telegram, "upload.getFile", after: 4);
                await Should.ThrowAsync<OperationCanceledException>(() => client.Files.DownloadAsync(Chats.SourceOf(client, message), file, options, crash.Token));
                telegram.Server.Faults.Delay = null;
            }
            var before = telegram.Server.PartsServed;
            var resume = PartSet.FromBytes((Size + FileLimits.DownloadPart - 1) / FileLimits.DownloadPart, state);
            var missing = resume.Count - resume.Done;
            using (var file = File.OpenHandle(path, FileMode.Open, FileAccess.Write))
                await client.Files.DownloadAsync(Chats.SourceOf(client, message), file, new DownloadOptions { Resume = resume });
            (await File.ReadAllBytesAsync(path)).AsSpan().SequenceEqual(bytes).ShouldBeTrue();
            missing.ShouldBeLessThan(resume.Count);
            (telegram.Server.PartsServed - before).ShouldBeLessThanOrEqualTo(resume.Count);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public async Task ACancelledTransferEndsAtOnceAndTheClientStaysUsable()
    {
        await using var telegram = new TelegramFixture();
        var client = await telegram.BobAsync();
        telegram.Server.Faults.Delay = method => method == "upload.saveBigFilePart" ? TimeSpan.FromMinutes(1) : TimeSpan.Zero;
        using var cancel = new CancellationTokenSource();
        var upload = client.Files.UploadAsync(new MemoryStream(Chats.Bytes(7, Size)), "f", null, cancel.Token);
        await Eventually.TrueAsync(() => telegram.Server.CallsOf("upload.saveBigFilePart") > 0 || telegram.Server.Bytes.Received > 600_000);
        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => upload.WaitAsync(TimeSpan.FromSeconds(10)));
        (await client.CallAsync(new UpdatesGetState())).Pts.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task FloodWaitsAreSleptThroughAndTold()
    {
        var time = new QuickTime();
        await using var telegram = new TelegramFixture();
        var client = await telegram.BobAsync(telegram.Options(time: time));
        var refusals = 0;
        telegram.Server.Faults.Refuse = (method, _) => method == "upload.saveFilePart" && Interlocked.Increment(ref refusals) == 2 ? new RpcFault(420, "FLOOD_WAIT_3") : null;
        await Chats.SendAsync(client, Chats.Bytes(8, 3_000_000));
        var wait = telegram.Events.OfType<ClientEvent.Waiting>().Single();
        wait.Pause.ShouldBe(TimeSpan.FromSeconds(3));
        wait.Method.ShouldBe("upload.saveFilePart");
    }

    [Fact]
    public async Task AWaitLongerThanTheCallerAllowsIsThrown()
    {
        await using var telegram = new TelegramFixture();
        var client = await telegram.BobAsync(telegram.Options() with { MaxWait = TimeSpan.FromSeconds(10) });
        telegram.Server.Faults.Refuse = (method, _) => method == "messages.getDialogs" ? new RpcFault(420, "FLOOD_WAIT_3600") : null;
        var refused = await Should.ThrowAsync<WaitException>(() => client.CallAsync(new MessagesGetDialogs { OffsetPeer = new InputPeerEmpty(), Limit = 1 }));
        refused.Wait.ShouldBe(TimeSpan.FromHours(1));
    }
}
