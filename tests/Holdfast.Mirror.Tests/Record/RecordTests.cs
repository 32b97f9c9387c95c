using System.Globalization;
using System.Text;
using Holdfast.Core.Model;
using Holdfast.Mirror.Record;
using Holdfast.Testing.Machines;

namespace Holdfast.Mirror.Tests.Record;

/// <summary>What is written into a record is read from it again, by Holdfast and by others.</summary>
public sealed class RecordTests : IDisposable
{
    // Independent: python's own JSON parser, and its own undoing of the percent-encoding.
    private const string Judge = """
        import base64, gzip, json, re, sys
        from decimal import Decimal

        def names(text):
            return re.sub(rb"%([0-9A-F]{2})", lambda m: bytes([int(m[1], 16)]), text.encode()).hex()

        for line in gzip.open(sys.argv[1]):
            assert line.endswith(b"\n") and b"\\" not in line, line
            e = json.loads(line)
            sign, digits, exponent = Decimal(e["mtime"]).as_tuple()
            assert exponent == -9
            ns = int("".join(map(str, digits))) * (-1 if sign else 1)
            fields = [e["kind"], "" if e["path"] == "." else names(e["path"]), e["type"], e.get("size", ""), ns, int(e["mode"], 8), e["uid"], e["gid"]]
            fields += [names(e[k]) if k in e else "none" for k in ("user", "group")]
            fields += [e.get("sha256", ""), *(names(e[k]) if k in e else "none" for k in ("from", "target", "linked")), e.get("device", "")]
            fields += [e.get("sparse", False), e.get("mount", False), e.get("tracked", True)]
            fields += [f"{names(n)}={base64.b64decode(v, validate=True).hex()}" for n, v in e.get("xattrs", {}).items()]
            print(*fields, sep="\t")
        """;

    private readonly RecordFile _file = new();

    public void Dispose() => _file.Dispose();

    [Fact]
    public void WhatIsWrittenIsReadAgain()
    {
        var lines = RandomLines.Sorted(new Random(RandomSeed.Next()), 2000);
        _file.Write(lines);

        var read = _file.Read();

        read.Count.ShouldBe(lines.Count);
        foreach (var (wanted, line) in lines.Zip(read))
        {
            line.Entry.LinkTarget.ShouldBe(wanted.Entry.LinkTarget);
            WithoutTarget(line).ShouldBe(WithoutTarget(wanted));
        }
    }

    [Fact]
    public void EveryLineIsJsonWithoutEscapesThatAnotherParserReadsTheSame()
    {
        Peer.Require("python3");
        var lines = RandomLines.Sorted(new Random(RandomSeed.Next()), 2000);
        _file.Write(lines);

        var judged = Command.Must("python3", "-c", Judge, _file.Path).Text.Split('\n')[..^1];

        judged.ShouldBe(lines.Select(Fields));
    }

    [Fact]
    public void ARecordWithoutALineIsARecordForOthersToo()
    {
        _file.Write([]);

        _file.Read().ShouldBeEmpty();
        _file.Lines().ShouldBeEmpty();
    }

    [Fact]
    public void KeysOfALaterVersionArePassedOver()
    {
        _file.WriteText("""{"kind":"new","later":{"a":[1,"path"]},"path":"a","type":"fifo","mtime":"1.5","more":null}""" + "\n");

        _file.Read().ShouldHaveSingleItem().Path.ShouldBe(EntryPath.From("a"));
    }

    [Fact]
    public void EscapesOfJsonAreUnderstoodWhereverAnotherProgramWroteThem()
    {
        _file.WriteText("""{"kind":"new","path":"\ud83e\uddca%0a","type":"symlink","mtime":"0","target":"\u0041","xattrs":{"user.\ud83e\uddca":""}}""" + "\n");

        var entry = _file.Read().ShouldHaveSingleItem().Entry;

        entry.Path.ShouldBe(EntryPath.From("\U0001f9ca\n"));
        entry.LinkTarget.ShouldBe("A"u8.ToArray());
        entry.Attributes.Items[0].Name.ShouldBe(Encoding.UTF8.GetBytes("user.\U0001f9ca"));
    }

    private static RecordLine WithoutTarget(RecordLine line) => line with { Entry = line.Entry with { LinkTarget = null } };

    private static string Fields(RecordLine line)
    {
        var e = line.Entry;
        string[] fields =
        [
            RecordNames.Of(line.Kind), Hex(e.Path.Bytes), RecordNames.Of(e.Type), e.Type == EntryType.File ? Text(e.Size) : "",
            Text((Int128)e.Modified.Seconds * 1_000_000_000 + e.Modified.Nanoseconds), Text(e.Mode), Text(e.UserId), Text(e.GroupId),
            e.User is { } user ? Hex(Encoding.UTF8.GetBytes(user)) : "none", e.Group is { } group ? Hex(Encoding.UTF8.GetBytes(group)) : "none",
            e.Content?.ToString() ?? "", line.From is { } from ? Hex(from.Bytes) : "none", e.LinkTarget is { } target ? Hex(target) : "none", e.LinkedWith is { } first ? Hex(first.Bytes) : "none",
            e.Device is { } device ? $"{device.Major}:{device.Minor}" : "", e.IsSparse.ToString(), e.IsMountPoint.ToString(), e.Tracked.ToString(),
            .. e.Attributes.Items.ToArray().Select(a => $"{Hex(a.Name)}={Hex(a.Value)}"),
        ];
        return string.Join('\t', fields);
    }

    private static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);

    private static string Text(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);
}
