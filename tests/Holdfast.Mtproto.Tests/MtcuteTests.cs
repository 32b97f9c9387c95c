using Holdfast.Mtproto.TestServer;

namespace Holdfast.Mtproto.Tests;

/// <summary>The server is no good if it only agrees with us: here a client of others uses it.</summary>
public sealed class MtcuteTests
{
    private static readonly string[] Expected =
    [
        "ok wrong code refused", "ok login", "ok file of 1", "ok file of 300000", "ok file of 12000000", "ok history", "ok search", "ok edit", "ok delete",
        "ok dialogs", "ok username", "ok paged history", "ok bot",
    ];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task MtcuteFindsATelegramInTheTestServer(bool packsItsAnswers)
    {
        var folder = await Peers.MtcuteAsync();
        await using var server = new TelegramServer(new ServerOptions { SeedChats = 6 });
        if (packsItsAnswers)
        {
            server.Faults.PackAbove = 100;
            server.Faults.Containers = true;
        }
        var key = Path.Combine(Path.GetTempPath(), $"mtproto-{Guid.NewGuid():N}.pem");
        await File.WriteAllTextAsync(key, server.Key.PublicPem);
        try
        {
            var (code, output) = await Peers.RunAsync("node", folder, "check.mjs", key, $"{server.DataCenters[0].Port}");
            code.ShouldBe(0, output);
            output.Split('\n').Where(l => l.StartsWith("ok", StringComparison.Ordinal)).ShouldBe(Expected);
        }
        finally
        {
            File.Delete(key);
        }
    }
}
