using System.Globalization;
using Holdfast.Core.Model;
using Holdfast.Testing.Machines;

namespace Holdfast.Core.Tests.Model;

public sealed class TimestampTests
{
    public static TheoryData<long, int> Moments => new()
    {
        { 0, 0 }, { 1, 1 }, { 1_700_000_000, 123_456_789 }, { -1, 500_000_000 }, { -1, 0 }, { -1, 1 }, { -1, 999_999_999 }, { -2, 500_000_000 },
        { -1_000_000_000, 1 }, { 4_000_000_000, 999_999_999 }, { -2_147_483_648, 0 },
    };

    [Theory]
    [MemberData(nameof(Moments))]
    public void TouchUnderstandsWhatIsPrinted(long seconds, int nanoseconds)
    {
        using var temporary = new TemporaryFolder();
        var file = temporary.File("file");
        var time = new Timestamp(seconds, nanoseconds);

        Command.Must("touch", "-d", "@" + time, file);

        // GNU stat prints a true decimal number; so does this.
        var expected = (decimal)seconds + nanoseconds / 1_000_000_000m;
        decimal.Parse(Command.Must("stat", "-c", "%.9Y", file).Text, CultureInfo.InvariantCulture).ShouldBe(expected);
    }

    [Fact]
    public void EveryMomentComesBackFromItsText()
    {
        var random = new Random(RandomSeed.Next());
        for (var i = 0; i < 10_000; i++)
        {
            var time = new Timestamp(random.NextInt64(-5, 5) * (i % 2 == 0 ? 1 : random.NextInt64(1 << 40)), random.Next(i % 3 == 0 ? 2 : 1_000_000_000));
            Timestamp.Parse(time.ToString()).ShouldBe(time);
        }
        foreach (var extreme in new[] { new Timestamp(long.MaxValue, 999_999_999), new Timestamp(long.MinValue, 0), new Timestamp(long.MinValue, 1) })
            Timestamp.Parse(extreme.ToString()).ShouldBe(extreme);
    }

    [Theory]
    [InlineData("5", 5, 0)]
    [InlineData("5.5", 5, 500_000_000)]
    [InlineData("5.000000001", 5, 1)]
    [InlineData("-0.25", -1, 750_000_000)]
    [InlineData("-5", -5, 0)]
    [InlineData("-5.0", -5, 0)]
    [InlineData("-1.5", -2, 500_000_000)]
    public void ShorterFormsAreRead(string text, long seconds, int nanoseconds) => Timestamp.Parse(text).ShouldBe(new Timestamp(seconds, nanoseconds));

    [Theory]
    [InlineData("")]
    [InlineData(".5")]
    [InlineData("5.")]
    [InlineData("5.1234567890")]
    [InlineData("5.-1")]
    [InlineData("5.5.5")]
    [InlineData("--5")]
    [InlineData("five")]
    [InlineData("99999999999999999999")]
    [InlineData("5,5")]
    public void OtherTextIsRefused(string text) => Should.Throw<FormatException>(() => Timestamp.Parse(text));

    [Fact]
    public void TheOrderIsTheOrderOfTime()
    {
        var random = new Random(RandomSeed.Next());
        var times = Enumerable.Range(0, 2000).Select(_ => new Timestamp(random.Next(-3, 3), random.Next(4) * 249_999_999)).ToList();
        var number = (Timestamp t) => (Int128)t.Seconds * 1_000_000_000 + t.Nanoseconds;

        times.Order().Select(number).ShouldBe(times.Select(number).Order());
    }

    [Theory]
    [InlineData(10, 0, 11, 999_999_999, 2_000_000_000, true)]
    [InlineData(10, 0, 12, 0, 2_000_000_000, false)]
    [InlineData(-1, 999_999_999, 0, 0, 100, true)]
    [InlineData(-1, 999_999_900, 0, 0, 100, false)]
    [InlineData(5, 1, 5, 2, 1, false)]
    [InlineData(5, 1, 5, 1, 1, true)]
    [InlineData(long.MinValue, 0, long.MaxValue, 0, 2_000_000_000, false)]
    public void CoarseClocksAreComparedWithinTheirStep(long s1, int n1, long s2, int n2, long step, bool equal)
    {
        new Timestamp(s1, n1).EqualsWithin(new Timestamp(s2, n2), step).ShouldBe(equal);
        new Timestamp(s2, n2).EqualsWithin(new Timestamp(s1, n1), step).ShouldBe(equal);
    }

    [Fact]
    public void DotNetMomentsAreKeptToTheTick()
    {
        var random = new Random(RandomSeed.Next());
        for (var i = 0; i < 1000; i++)
        {
            var moment = DateTimeOffset.UnixEpoch.AddTicks(random.NextInt64(-62_135_596_800L * 10_000_000, 253_402_300_799L * 10_000_000));
            Timestamp.From(moment).ToDateTimeOffset().ShouldBe(moment);
            Timestamp.From(moment).Nanoseconds.ShouldBeInRange(0, 999_999_999);
        }
        Timestamp.From(DateTimeOffset.UnixEpoch.AddTicks(-1)).ShouldBe(new Timestamp(-1, 999_999_900));
        new Timestamp(long.MaxValue, 0).ToDateTimeOffset().Year.ShouldBe(9999);
        new Timestamp(long.MinValue, 0).ToDateTimeOffset().Year.ShouldBe(1);
    }
}
