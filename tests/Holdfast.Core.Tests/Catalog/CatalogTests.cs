using Holdfast.Core.Catalog;
using Holdfast.Testing.Machines;

namespace Holdfast.Core.Tests.Catalog;

public sealed class CatalogTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 0, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _state = new();

    public void Dispose() => _state.Dispose();

    [Fact]
    public void TheLastGoodRunOfAJobIsFound()
    {
        using var catalog = CatalogDatabase.Open(_state.Path);
        catalog.Add(Run("a", 1, RunOutcome.Complete));
        catalog.Add(Run("a", 3, RunOutcome.Failed));
        catalog.Add(Run("a", 2, RunOutcome.Complete));
        catalog.Add(Run("b", 4, RunOutcome.Complete));

        catalog.LastGood("a").ShouldBe(Run("a", 2, RunOutcome.Complete));
        catalog.LastGood("a", "another").ShouldBeNull();
        catalog.LastGood("c").ShouldBeNull();
        catalog.Runs("a").Select(r => r.Started.Day).ShouldBe([3, 2, 1]);
    }

    [Fact]
    public void ACopyIsKnownForTheSnapshotsThatListIt()
    {
        using var catalog = CatalogDatabase.Open(_state.Path);
        var snapshots = new ListedSnapshots([("a", "x"), ("a/b", "y")], [("a", "x"), ("a!", "x")], [("a", "z"), ("a!", "x")]);

        catalog.CatchUp("place", snapshots, Now, default).ShouldBeTrue();

        Ranges(catalog, "x").ShouldBe(["a 1-2", "a! 2-"]);
        Ranges(catalog, "y").ShouldBe(["a/b 1-1"]);
        Ranges(catalog, "z").ShouldBe(["a 3-"]);
        catalog.CatchUp("place", snapshots, Now, default).ShouldBeFalse();
    }

    [Fact]
    public void WhatTheRecordsNoLongerSayIsNoLongerKnown()
    {
        using var catalog = CatalogDatabase.Open(_state.Path);
        catalog.CatchUp("place", new ListedSnapshots([("a", "x"), ("b", "y")], [("a", "x"), ("b", "z")], [("b", "z")]), Now, default);
        catalog.CatchUp("other", new ListedSnapshots([("a", "x")]), Now, default);

        // Another state of the same disk: its history was lost, the numbers begin anew.
        catalog.CatchUp("place", new ListedSnapshots([("b", "z"), ("c", "x")], [("b", "w"), ("c", "x")]), Now.AddDays(1), default).ShouldBeTrue();

        Ranges(catalog, "x").ShouldBe(["c 1-", "a 1-"]);
        Ranges(catalog, "y").ShouldBeEmpty();
        Ranges(catalog, "z").ShouldBe(["b 1-1"]);
        Ranges(catalog, "w").ShouldBe(["b 2-"]);
        catalog.CopiesOf(ListedSnapshots.Content("z")).Single().Seen.ShouldBe(Now.AddDays(1));
    }

    [Fact]
    public void ManyRandomStatesAreKnownAsTheyAre()
    {
        var seed = RandomSeed.Next();
        var random = new Random(seed);
        using var catalog = CatalogDatabase.Open(_state.Path);
        for (var round = 0; round < 30; round++)
        {
            var states = Enumerable.Range(0, random.Next(1, 5)).Select(_ => Enumerable.Range(0, 6).Where(_ => random.Next(3) > 0).Select(i => ($"{i}", $"{random.Next(3)}")).ToArray()).ToArray();
            catalog.CatchUp("place", new ListedSnapshots(states) { Series = $"round-{round}" }, Now, default);

            for (var text = 0; text < 3; text++)
            {
                var known = catalog.CopiesOf(ListedSnapshots.Content($"{text}")).SelectMany(c => Enumerable.Range((int)c.First, (int)((c.Last ?? states.Length) - c.First + 1)).Select(s => $"{c.Path} in {s}"));
                var listed = states.SelectMany((state, s) => state.Where(f => f.Item2 == $"{text}").Select(f => $"{f.Item1} in {s + 1}"));
                known.Order(StringComparer.Ordinal).ShouldBe(listed.Order(StringComparer.Ordinal), $"seed {seed}, round {round}");
            }
        }
    }

    [Fact]
    public void PathsThatSortDifferentlyAsBytesStayInStep()
    {
        using var catalog = CatalogDatabase.Open(_state.Path);
        (string, string)[] state = [("a/x", "1"), ("a/y/z", "2"), ("a b", "3"), ("a!", "4")];
        catalog.CatchUp("place", new ListedSnapshots(state.OrderBy(s => Core.Model.EntryPath.From(s.Item1)), state.OrderBy(s => Core.Model.EntryPath.From(s.Item1))), Now, default);

        foreach (var (path, text) in state)
            Ranges(catalog, text).ShouldBe([$"{path} 1-"]);
    }

    [Fact]
    public void AVerifiedDateIsKeptAndFoundAgain()
    {
        var when = new DateTimeOffset(2026, 11, 20, 1, 2, 3, TimeSpan.Zero);
        using (var catalog = CatalogDatabase.Open(_state.Path))
        {
            catalog.CatchUp("place", new ListedSnapshots([("a", "x"), ("b", "y")]), Now, default);
            catalog.Verified("place", ListedSnapshots.Content("x"), when);
        }

        using var again = CatalogDatabase.Open(_state.Path);
        again.CopiesOf(ListedSnapshots.Content("x")).Single().Verified.ShouldBe(when);
        again.CopiesOf(ListedSnapshots.Content("y")).Single().Verified.ShouldBeNull();
    }

    [Fact]
    public void ADamagedCatalogIsMovedAsideAndMadeAnew()
    {
        CatalogDatabase.Open(_state.Path).Dispose();
        File.WriteAllText(_state["catalog.db"], new string('x', 100_000));

        using var catalog = CatalogDatabase.Open(_state.Path);

        catalog.Remarks.Single().ShouldContain("damaged");
        File.Exists(_state["catalog.db.damaged"]).ShouldBeTrue();
        catalog.CatchUp("place", new ListedSnapshots([("a", "x")]), Now, default).ShouldBeTrue();
        Ranges(catalog, "x").ShouldBe(["a 1-"]);
    }

    [Fact]
    public void AnInterruptedImportLeavesNothingAndIsDoneAgain()
    {
        using var catalog = CatalogDatabase.Open(_state.Path);
        using var stop = new CancellationTokenSource();
        IEnumerable<(string, string)> Interrupted()
        {
            yield return ("a", "x");
            stop.Cancel();
            yield return ("b", "y");
        }

        Should.Throw<OperationCanceledException>(() => catalog.CatchUp("place", new ListedSnapshots(Interrupted()), Now, stop.Token));

        Ranges(catalog, "x").ShouldBeEmpty();
        catalog.CatchUp("place", new ListedSnapshots([("a", "x"), ("b", "y")]), Now, default).ShouldBeTrue();
        Ranges(catalog, "x").ShouldBe(["a 1-"]);
    }

    [Fact]
    public async Task SeveralUsersAtOnceLoseNothing()
    {
        var snapshots = new ListedSnapshots(Enumerable.Range(0, 500).Select(i => ($"{i:D5}", $"{i}")));
        await Task.WhenAll(Enumerable.Range(0, 4).Select(user => Task.Run(() =>
        {
            using var catalog = CatalogDatabase.Open(_state.Path);
            for (var day = 1; day <= 20; day++)
                catalog.Add(Run($"job {user}", day, RunOutcome.Complete));
            catalog.CatchUp("place", snapshots, Now, default);
        })));

        using var after = CatalogDatabase.Open(_state.Path);
        for (var user = 0; user < 4; user++)
            after.Runs($"job {user}").Count.ShouldBe(20);
        Ranges(after, "7").ShouldBe(["00007 1-"]);
    }

    private static CatalogRun Run(string job, int day, RunOutcome outcome) =>
        new(job, "mirror:/place", "id", null, new DateTimeOffset(2026, 1, day, 0, 0, 0, TimeSpan.Zero), TimeSpan.FromMilliseconds(1500), outcome, 1, 2, 3);

    private static List<string> Ranges(CatalogDatabase catalog, string text) =>
        [.. catalog.CopiesOf(ListedSnapshots.Content(text)).Select(c => $"{c.Path} {c.First}-{c.Last}")];
}
