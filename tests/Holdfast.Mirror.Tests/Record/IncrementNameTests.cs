using System.Text;
using Holdfast.Testing.Machines;

namespace Holdfast.Mirror.Tests.Record;

public sealed class IncrementNameTests
{
    [Fact]
    public void TheNumberOfEveryIncrementIsReadFromItsName()
    {
        var random = new Random(RandomSeed.Next());
        long[] edges = [1, 999_999, 1_000_000, long.MaxValue];
        foreach (var number in edges.Concat(Enumerable.Range(0, 1000).Select(_ => random.NextInt64(1, 1L << random.Next(1, 63)))))
        {
            var time = new DateTimeOffset(random.NextInt64(DateTimeOffset.MaxValue.Ticks - TimeSpan.TicksPerDay), TimeSpan.Zero).ToOffset(TimeSpan.FromHours(0));
            var id = MirrorLayout.IncrementId(number, time);

            MirrorLayout.NumberOf(Encoding.ASCII.GetBytes(id)).ShouldBe(number, id);
            MirrorLayout.NumberOf(Encoding.ASCII.GetBytes(id + ".tmp")).ShouldBeNull(id);
            id.ShouldMatch("^[0-9]{6,}-[0-9]{8}T[0-9]{6}Z$");
        }
    }

    [Fact]
    public void TheTimeInANameIsUtc() =>
        MirrorLayout.IncrementId(42, new DateTimeOffset(2026, 11, 20, 5, 0, 0, TimeSpan.FromHours(3))).ShouldBe("000042-20261120T020000Z");

    [Theory]
    [InlineData("")]
    [InlineData("000042")]
    [InlineData("42-20261120T020000Z")]
    [InlineData("000042-20261120T020000")]
    [InlineData("000042-20261120 020000Z")]
    [InlineData("00004x-20261120T020000Z")]
    [InlineData("-00042-20261120T020000Z")]
    [InlineData(" 00042-20261120T020000Z")]
    [InlineData("000042-2026112xT020000Z")]
    [InlineData("000042-20261120T020000Z.tmp")]
    [InlineData("000042-20261120T020000Z~")]
    [InlineData("99999999999999999999-20261120T020000Z")]
    public void AnyOtherNameIsNoIncrement(string name) => MirrorLayout.NumberOf(Encoding.UTF8.GetBytes(name)).ShouldBeNull();
}
