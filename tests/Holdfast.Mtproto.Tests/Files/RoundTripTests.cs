using Holdfast.Mtproto.Files;
using Holdfast.Mtproto.Tl;

namespace Holdfast.Mtproto.Tests;

public sealed class RoundTripTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(4095)]
    [InlineData(512 * 1024)]
    [InlineData((512 * 1024) + 1)]
    [InlineData(10 * 1024 * 1024)]
    [InlineData((10 * 1024 * 1024) + 1)]
    [InlineData(23_456_789)]
    public async Task AFileComesBackAsItWas(int size)
    {
        await using var telegram = new TelegramFixture();
        var client = await telegram.BobAsync();
        var bytes = Chats.Bytes(size, size);
        var message = await Chats.SendAsync(client, bytes);
        Chats.DocumentIn(message).Size.ShouldBe(size);
        Chats.DocumentIn(message).Attributes.OfType<DocumentAttributeFilename>().Single().FileName.ShouldBe("file.bin");
        (await Chats.ReadAsync(client, message)).AsSpan().SequenceEqual(bytes).ShouldBeTrue();
        telegram.Server.Uploads.Repeated.ShouldBe(0);
    }

    [Theory]
    [InlineData(3_000_000)]
    [InlineData(10 * 1024 * 1024)]
    [InlineData(12 * 1024 * 1024)]
    [InlineData(13_000_001)]
    public async Task AStreamThatCannotSeekIsSentAllTheSame(int size)
    {
        await using var telegram = new TelegramFixture();
        var client = await telegram.BobAsync();
        var bytes = Chats.Bytes(size, size);
        var message = await Chats.SendAsync(client, new OneWayStream(bytes));
        (await Chats.ReadAsync(client, message)).AsSpan().SequenceEqual(bytes).ShouldBeTrue();
    }

    [Fact]
    public async Task AnEmptyFileIsRefusedBeforeAnythingIsSent()
    {
        await using var telegram = new TelegramFixture();
        var client = await telegram.BobAsync();
        await Should.ThrowAsync<EmptyFileException>(() => client.Files.UploadAsync(new MemoryStream(), "empty"));
        await Should.ThrowAsync<EmptyFileException>(() => client.Files.UploadAsync(new OneWayStream([]), "empty"));
        telegram.Server.CallsOf("upload.saveFilePart").ShouldBe(0);
    }

    [Theory]
    [InlineData(false, 2000)]
    [InlineData(true, 4000)]
    public async Task AFileAboveTheLimitIsRefusedBeforeAnythingIsSent(bool isPremium, int megabytes)
    {
        await using var telegram = new TelegramFixture();
        var client = await telegram.BobAsync();
        using var huge = new LongStream(((long)megabytes << 20) + 1);
        var refused = await Should.ThrowAsync<FileTooLargeException>(() => client.Files.UploadAsync(huge, "huge", new UploadOptions { IsPremium = isPremium }));
        refused.Limit.ShouldBe((long)megabytes << 20);
        telegram.Server.CallsOf("upload.saveBigFilePart").ShouldBe(0);
    }

    [Fact]
    public async Task APhotoComesInItsLargestSize()
    {
        await using var telegram = new TelegramFixture();
        var client = await telegram.BobAsync();
        var bytes = Chats.Bytes(5, 70_000);
        var answer = await client.Files.SendAsync(new MemoryStream(bytes), "p.jpg", file => new MessagesSendMedia
        {
            Peer = new InputPeerSelf(), Media = new InputMediaUploadedPhoto { File = file }, Message = "a photo", RandomId = 1,
        });
        var photo = (Photo)((MessageMediaPhoto)Chats.MessageIn(answer).Media!).Photo!;
        using var target = new MemoryStream();
        await client.Files.DownloadAsync(FileSource.Of(photo), target);
        target.ToArray().ShouldBe(bytes);
    }

    [Fact]
    public async Task AnAlbumIsOneGroupOfMessages()
    {
        await using var telegram = new TelegramFixture();
        var client = await telegram.BobAsync();
        var media = new List<InputSingleMedia>();
        for (var i = 0; i < 3; i++)
        {
            var file = await client.Files.UploadAsync(new MemoryStream(Chats.Bytes(i, 5000)), $"{i}.bin");
            media.Add(new InputSingleMedia { Media = new InputMediaUploadedDocument { File = file, MimeType = "text/plain", Attributes = [] }, RandomId = i + 1, Message = "" });
        }
        var answer = (Updates)await client.CallAsync(new MessagesSendMultiMedia { Peer = new InputPeerSelf(), MultiMedia = [.. media] });
        var messages = answer.UpdatesValue.OfType<UpdateNewMessage>().Select(u => (Message)u.Message).ToList();
        messages.Count.ShouldBe(3);
        messages.Select(m => m.GroupedId).Distinct().Single().ShouldNotBeNull();
    }

    [Fact]
    public async Task AFileOfAnotherDataCentreIsFetchedThereAfterOneExportOfTheLogin()
    {
        await using var telegram = new TelegramFixture();
        var (bob, message, bytes) = await FromAnotherDataCentreAsync(telegram);
        (await Chats.ReadAsync(bob, message)).ShouldBe(bytes);
        (await Chats.ReadAsync(bob, message)).ShouldBe(bytes);
        telegram.Server.CallsOf("auth.exportAuthorization").ShouldBe(1);

        // A document that names the wrong data centre is corrected by the server.
        using var target = new MemoryStream();
        await bob.Files.DownloadAsync(FileSource.Of(Chats.DocumentIn(message) with { DcId = 2 }), target);
        target.ToArray().ShouldBe(bytes);
    }

    [Fact]
    public async Task ADataCentreThatTheClientDoesNotKnowIsAskedFor()
    {
        await using var telegram = new TelegramFixture();
        var refusals = 0;
        // After the login it is asked too; here that fails.
        telegram.Server.Faults.Refuse = (method, _) => method == "help.getConfig" && Interlocked.Increment(ref refusals) <= 2 ? new TestServer.Wire.RpcFault(400, "CONFIG_NOT_TODAY") : null;
        var oneAlone = telegram.Server.Network with { DataCenters = [telegram.Server.DataCenters[0]] };
        var (bob, message, bytes) = await FromAnotherDataCentreAsync(telegram, telegram.Options(network: oneAlone));
        (await Chats.ReadAsync(bob, message)).ShouldBe(bytes);
        refusals.ShouldBe(3);
    }

    [Fact]
    public async Task ALoginThatAnotherDataCentreForgotIsTakenThereAgain()
    {
        await using var telegram = new TelegramFixture();
        var (bob, message, bytes) = await FromAnotherDataCentreAsync(telegram);
        (await Chats.ReadAsync(bob, message)).ShouldBe(bytes);
        foreach (var key in telegram.Server.Keys().Where(k => k.DataCenter == 1 && k.Account?.Username == "bob")) key.Account = null;

        (await Chats.ReadAsync(bob, message)).ShouldBe(bytes);
        telegram.Server.CallsOf("auth.exportAuthorization").ShouldBe(2, "once for all parts that were refused together");
    }

    [Fact]
    public async Task AServerThatWouldRedirectToACdnSendsTheFileItself()
    {
        await using var telegram = new TelegramFixture();
        telegram.Server.RedirectsToCdn = true;
        var bob = await telegram.BobAsync();
        var bytes = Chats.Bytes(9, 1_000_000);
        var message = await Chats.SendAsync(bob, bytes);
        (await Chats.ReadAsync(bob, message)).ShouldBe(bytes);

        telegram.Server.InsistsOnCdn = true;
        (await Should.ThrowAsync<TlException>(() => Chats.ReadAsync(bob, message))).Message.ShouldContain("CDN");
    }

    /// <summary>A file of Carol's, who is at home in data centre 1, sent to Bob, who is not.</summary>
    private static async Task<(TelegramClient Bob, Message Message, byte[] Bytes)> FromAnotherDataCentreAsync(TelegramFixture telegram, TelegramOptions? bobs = null)
    {
        var carol = await telegram.OpenAsync();
        await TelegramFixture.LogInAsync(carol, "15550003", null);
        var bytes = Chats.Bytes(9, 3_000_000);
        var file = await carol.Files.UploadAsync(new MemoryStream(bytes), "c.bin");
        var bobAsSeenByCarol = ((ContactsResolvedPeer)await carol.CallAsync(new ContactsResolveUsername { Username = "bob" })).Users.OfType<User>().Single();
        await carol.CallAsync(Chats.Sending(file) with { Peer = new InputPeerUser { UserId = bobAsSeenByCarol.Id, AccessHash = bobAsSeenByCarol.AccessHash!.Value } });
        var bob = await telegram.BobAsync(bobs);
        var inbox = (MessagesMessages)await bob.CallAsync(new MessagesGetMessages { Id = [new InputMessageID { Id = 1 }] });
        var message = (Message)inbox.Messages.Single();
        Chats.DocumentIn(message).DcId.ShouldBe(1);
        return (bob, message, bytes);
    }
}
