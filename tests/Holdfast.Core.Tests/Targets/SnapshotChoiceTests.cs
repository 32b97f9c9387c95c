using Holdfast.Core.Model;
using Holdfast.Core.Targets;

namespace Holdfast.Core.Tests.Targets;

public sealed class SnapshotChoiceTests
{
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.CreateCustomTimeZone("two hours east", TimeSpan.FromHours(2), null, null);

    private static readonly Snapshot[] Snapshots =
    [
        At(1, "2026-10-30T12:00:00Z"),
        At(2, "2026-11-01T05:00:30Z"),
        At(3, "2026-11-01T22:30:00Z"), // already the 2nd, two hours east
        At(4, "2026-11-03T09:00:00Z"),
    ];

    [Theory]
    [InlineData("latest", 4)]
    [InlineData("1", 4)]
    [InlineData("4", 1)]
    [InlineData("000002", 2)]
    [InlineData("000003-2026", 3)]
    [InlineData("000001-20261030T120000Z", 1)]
    [InlineData("2026-11-01", 2)]
    [InlineData("2026-11-02", 3)]
    [InlineData("2026-10-31", 1)]
    [InlineData("2026-11-01T07:00", 2)]
    [InlineData("2026-11-01 06:59", 1)]
    [InlineData("2026-11-01T07:00:29", 1)]
    [InlineData("2026-11-01T07:00:30", 2)]
    [InlineData("2026-11-01T05:00:30Z", 2)]
    [InlineData("2026-11-01T05:00Z", 2)]
    [InlineData("2026-11-01T04:59Z", 1)]
    [InlineData("2026-11-01T09:00:30+04:00", 2)]
    [InlineData("20261101T050030Z", 2)]
    [InlineData("2099-01-01", 4)]
    public void WhatWasTypedNamesASnapshot(string at, long number) => SnapshotChoice.Choose(Snapshots, at, Berlin).Number.ShouldBe(number);

    [Theory]
    [InlineData("0")]
    [InlineData("5")]
    [InlineData("2026-10-29")]
    [InlineData("0000")]
    [InlineData("00000")]
    [InlineData("000009")]
    [InlineData("")]
    [InlineData("2026-13-01")]
    public void WhatNamesNoneOrSeveralIsAnError(string at) =>
        Should.Throw<HoldfastException>(() => SnapshotChoice.Choose(Snapshots, at, Berlin)).Kind.ShouldBe(ErrorKind.Failed);

    [Fact]
    public void LatestIsAnIncompleteSnapshotOnlyWhenThereIsNoOther()
    {
        var whole = new Snapshot("000001-a", 1, DateTimeOffset.UnixEpoch, "laptop", "documents", new SnapshotStatistics());
        var cut = whole with { Id = "000002-b", Number = 2, IsIncomplete = true };
        SnapshotChoice.Choose([whole, cut], "latest", TimeZoneInfo.Utc).ShouldBe(whole);
        SnapshotChoice.Choose([whole, cut], "1", TimeZoneInfo.Utc).ShouldBe(cut);
        SnapshotChoice.Choose([cut], "latest", TimeZoneInfo.Utc).ShouldBe(cut);
    }

    [Fact]
    public void OrderComesFromNumbersWhenAClockWentBack()
    {
        Snapshot[] snapshots = [At(1, "2026-11-05T00:00:00Z"), At(2, "2026-11-01T00:00:00Z")];
        SnapshotChoice.Choose(snapshots, "latest", Berlin).Number.ShouldBe(2);
        SnapshotChoice.Choose(snapshots, "2026-11-30", Berlin).Number.ShouldBe(2);
    }

    [Fact]
    public void WithoutSnapshotsThereIsNothingToChoose() =>
        Should.Throw<HoldfastException>(() => SnapshotChoice.Choose([], "latest", Berlin)).Message.ShouldContain("no snapshot yet");

    private static Snapshot At(long number, string time)
    {
        var moment = DateTimeOffset.Parse(time);
        return new Snapshot($"{number:D6}-{moment.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}", number, moment, "laptop", "documents", new SnapshotStatistics());
    }
}
