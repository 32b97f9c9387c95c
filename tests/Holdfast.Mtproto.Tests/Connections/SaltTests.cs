using Holdfast.Mtproto.TestServer;
using Holdfast.Mtproto.Tl;

namespace Holdfast.Mtproto.Tests;

public sealed class SaltTests
{
    /// <summary>A clock whose time of day is set by the test; timers run as ever.</summary>
    private sealed class SetTime : TimeProvider
    {
        private long _offset;

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _offset));

        public void Pass(TimeSpan time) => Interlocked.Add(ref _offset, time.Ticks);
    }

    [Fact]
    public async Task TheSaltsThatFollowAreAskedForBeforeTheirTime()
    {
        var time = new SetTime();
        await using var telegram = new TelegramFixture(new ServerOptions { Clock = time });
        var client = await telegram.BobAsync(telegram.Options(time: time));
        await AskedAsync(1);
        time.Pass(TimeSpan.FromMinutes(95));
        await CallAsync();
        // What was told of lasts for eight and a half hours.
        time.Pass(TimeSpan.FromMinutes(410));
        await AskedAsync(2);
        time.Pass(TimeSpan.FromMinutes(95));
        await CallAsync();
        telegram.Server.BadSalts.ShouldBe(0);

        async Task AskedAsync(int times)
        {
            await Eventually.TrueAsync(() => telegram.Server.CallsOf("get_future_salts") == times);
            // Its answer comes after the one to the question.
            await CallAsync();
        }

        async Task CallAsync() => (await client.CallAsync(new UpdatesGetState())).Pts.ShouldBeGreaterThan(0);
    }
}
