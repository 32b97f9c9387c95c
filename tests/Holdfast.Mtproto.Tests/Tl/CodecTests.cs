using Holdfast.Mtproto.Connections;
using Holdfast.Mtproto.Tl;

namespace Holdfast.Mtproto.Tests;

public sealed class CodecTests
{
    private static readonly Message Sample = new()
    {
        Id = 7, PeerId = new PeerChannel { ChannelId = 99 }, FromId = new PeerUser { UserId = 1 }, Date = 1_700_000_000, MessageText = new string('x', 300), Out = true, Offline = true,
        Media = new MessageMediaDocument { Document = new Document { Id = 1, AccessHash = 2, FileReference = new byte[] { 1, 2, 3 }, MimeType = "a/b", Attributes = [new DocumentAttributeFilename { FileName = "f" }] } },
        Entities = [new MessageEntityBold { Offset = 0, Length = 2 }], GroupedId = 5,
    };

    [Fact]
    public void WhatIsWrittenIsRead()
    {
        var bytes = TlWriter.ToBytes(Sample);
        var r = new TlReader(bytes);
        var back = (Message)MessageBase.ReadFrom(ref r);
        r.Left.ShouldBe(0);
        TlWriter.ToBytes(back).ShouldBe(bytes);
        back.MessageText.ShouldBe(Sample.MessageText);
        back.Offline.ShouldBeTrue();
        back.Silent.ShouldBeFalse();
        ((Document)((MessageMediaDocument)back.Media!).Document!).Attributes.Length.ShouldBe(1);
    }

    [Fact]
    public void AnUnknownConstructorIsNamedInTheError()
    {
        var error = Should.Throw<TlException>(() =>
        {
            var r = new TlReader([0xef, 0xbe, 0xad, 0xde]);
            InputPeer.ReadFrom(ref r);
        });
        error.Message.ShouldContain("0xdeadbeef");
        error.Message.ShouldContain("InputPeer");
    }

    [Fact]
    public void DamagedBytesAreAnErrorAndNeverMore()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var bytes = TlWriter.ToBytes(new Updates { UpdatesValue = [new UpdateNewMessage { Message = Sample, Pts = 1, PtsCount = 1 }], Users = [], Chats = [], Date = 1, Seq = 2 });
        for (var i = 0; i < Soak.Count(20_000, 2_000_000); i++)
        {
            var damaged = (byte[])bytes.Clone();
            for (var n = random.Next(1, 6); n > 0; n--) damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            var cut = damaged.AsSpan(0, random.Next(4) == 0 ? random.Next(damaged.Length) : damaged.Length).ToArray();
            try
            {
                var r = new TlReader(cut);
                UpdatesBase.ReadFrom(ref r);
            }
            catch (TlException)
            {
                // The only way it may fail.
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {seed}, round {i}: {e}");
            }
        }
    }

    [Fact]
    public void AVectorThatLiesAboutItsLengthAllocatesNothing()
    {
        using var w = new TlWriter();
        w.UInt32(TlReader.VectorId);
        w.Int32(int.MaxValue);
        var bytes = w.Written.ToArray();
        Should.Throw<TlException>(() =>
        {
            var r = new TlReader(bytes);
            r.Vector(static (ref TlReader x) => x.Int64());
        });
    }

    [Fact]
    public void ValuesThatNestWithoutEndAreRefused()
    {
        using var w = new TlWriter();
        // messageMediaPaidMedia and the like can hold each other; a JSON array is the plainest.
        for (var i = 0; i < 10_000; i++)
        {
            w.UInt32(0xf7444763);
            w.UInt32(TlReader.VectorId);
            w.Int32(1);
        }
        var bytes = w.Written.ToArray();
        Should.Throw<TlException>(() =>
        {
            var r = new TlReader(bytes);
            JSONValue.ReadFrom(ref r);
        }).Message.ShouldContain("nest");
    }

    [Fact]
    public void APackedBombIsRefused()
    {
        using var target = new MemoryStream();
        using (var gzip = new System.IO.Compression.GZipStream(target, System.IO.Compression.CompressionLevel.Fastest, leaveOpen: true))
            for (var i = 0; i < 100; i++) gzip.Write(new byte[1 << 20]);
        Should.Throw<TlException>(() => Gzip.Unpack(target.ToArray()));
        Should.Throw<TlException>(() => Gzip.Unpack([0x1f, 1, 2, 3, 4, 5, 6, 7]));
    }

    /// <summary>A constructor's id is the CRC-32 of its line (https://core.telegram.org/mtproto/TL-combinators): a slip in the schema would show.</summary>
    [Fact]
    public void EveryIdIsTheChecksumOfItsLine()
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "schema");
        var lines = File.ReadAllLines(Path.Combine(folder, "api.tl")).Where(l => l.Contains('#') && l.EndsWith(';') && !l.StartsWith("//", StringComparison.Ordinal)).ToList();
        var wrong = lines.Where(l => !l.Split(' ')[0].EndsWith($"#{Crc32(Normal(l)):x}", StringComparison.Ordinal)).Select(l => l.Split(' ')[0]).ToList();
        lines.Count.ShouldBeGreaterThan(1000);
        // Two of older layers, which @mtcute/core keeps under names of its own.
        wrong.ShouldBe(["inputPeerPhotoFileLocationLegacy#27d69997", "inputStickerSetThumbLegacy#dbaeae9"], ignoreOrder: true);
    }

    private static string Normal(string line)
    {
        var hash = line.IndexOf('#');
        var text = line[..hash] + line[line.IndexOf(' ')..].TrimEnd(';');
        text = System.Text.RegularExpressions.Regex.Replace(text, @" \w+:\w+\.\d+\?true(?= )", "");
        return text.Replace('<', ' ').Replace(">", "").Replace(":bytes ", ":string ").Replace("?bytes ", "?string ");
    }

    private static uint Crc32(string text)
    {
        var crc = ~0u;
        foreach (var b in System.Text.Encoding.ASCII.GetBytes(text))
        {
            crc ^= b;
            for (var k = 0; k < 8; k++) crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xedb88320 : crc >> 1;
        }
        return ~crc;
    }
}
