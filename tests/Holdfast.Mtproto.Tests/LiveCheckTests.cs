using Holdfast.Mtproto.TestServer;

namespace Holdfast.Mtproto.Tests;

/// <summary>The check that people run against Telegram, run against the test server.</summary>
public sealed class LiveCheckTests
{
    [Fact]
    public async Task EveryStepOfTheLiveCheckPassesAgainstTheTestServer()
    {
        await using var server = new TelegramServer(new ServerOptions { SeedChats = 2 });
        var key = Path.Combine(Path.GetTempPath(), $"mtproto-{Guid.NewGuid():N}.pem");
        await File.WriteAllTextAsync(key, server.Key.PublicPem);
        try
        {
            var program = typeof(LiveCheck.Checklist).Assembly.Location;
            var (code, output) = await Peers.RunAsync("dotnet", AppContext.BaseDirectory, new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["TELEGRAM_API_ID"] = "1", ["TELEGRAM_API_HASH"] = "0", ["TELEGRAM_PHONE"] = "15550001", ["TELEGRAM_CODE"] = "12345", ["TELEGRAM_PASSWORD"] = "s3cret",
            }, program, $"{server.DataCenters[0].Port}", key);
            code.ShouldBe(0, output);
            output.ShouldContain("9 passed, 0 failed");
            server.World.Accounts[1001].Box.Messages.Values.OfType<Tl.Message>().ShouldNotContain(m => m.MessageText.Contains("holdfast"));
        }
        finally
        {
            File.Delete(key);
        }
    }
}
