using Holdfast.Cli.Runs;
using Holdfast.Core.Model;

namespace Holdfast.Cli.Tests;

/// <summary>Where a server listens is what was typed, and nothing that .NET makes of it.</summary>
public sealed class ListenAddressTests
{
    [Theory]
    [InlineData("127.0.0.1:8420", "127.0.0.1:8420")]
    [InlineData("localhost:8420", "127.0.0.1:8420")]
    [InlineData("[::1]:8420", "[::1]:8420")]
    [InlineData("0.0.0.0:0", "0.0.0.0:0")]
    public void AnAddressWithItsPortIsTaken(string typed, string meant) => ListenAddress.Parse(typed).ToString().ShouldBe(meant);

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("8420")]
    [InlineData(":8420")]
    [InlineData("::1")]
    [InlineData("127.0.0.1:")]
    [InlineData("nas.local:8420")]
    [InlineData("127.0.0.1:99999")]
    public void AnythingElseIsRefusedWithAnExample(string typed)
    {
        var refused = Should.Throw<HoldfastException>(() => ListenAddress.Parse(typed));

        refused.Kind.ShouldBe(ErrorKind.Usage);
        refused.Message.ShouldContain($"'{typed}'");
    }
}
