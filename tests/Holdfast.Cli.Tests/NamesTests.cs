using Holdfast.Cli.Tests.Running;
using Holdfast.Testing.Machines;

namespace Holdfast.Cli.Tests;

public sealed class NamesTests : IDisposable
{
    private const string Make = "mkdir Odd; printf odd > \"Odd/$(printf 'a\\nb\\377c')\"; holdfast backup Odd --to mirror:disk -q";

    private readonly Machine _machine = new();

    public NamesTests() => _machine.Shell(Make).Checked("bash");

    public void Dispose() => _machine.Dispose();

    [Fact]
    public void NamesGoIntoAPipeByteByByte()
    {
        _machine.Run("ls", "mirror:disk").Output.ShouldBe([.. "a\nb"u8, 0xff, .. "c\n"u8]);
        _machine.Run("ls", "mirror:disk", "-0").Output.ShouldBe([.. "a\nb"u8, 0xff, .. "c\0"u8]);
    }

    [Fact]
    public void NamesAreEscapedOnATerminal()
    {
        Peer.Require("script");
        var shown = _machine.Shell("script -qec 'holdfast ls mirror:disk' /dev/null < /dev/null").Text;
        shown.ShouldContain(@"a\x0Ab\xFFc");
    }

    [Fact]
    public void NamesThatAreNotUtf8CanBeTyped() =>
        _machine.Shell("holdfast cat mirror:disk \"$(printf 'a\\nb\\377c')\"").Text.ShouldBe("odd");

    [Fact]
    public void NamesThatAreNotUtf8AreInJsonAsBytesToo()
    {
        var entry = Machine.JsonLines(_machine.Run("ls", "mirror:disk", "--json").Text).ShouldHaveSingleItem();
        entry.GetProperty("path").GetString().ShouldBe("a\nb\uFFFDc");
        entry.GetProperty("path_base64").GetBytesFromBase64().ShouldBe([.. "a\nb"u8, 0xff, .. "c"u8]);
    }
}
