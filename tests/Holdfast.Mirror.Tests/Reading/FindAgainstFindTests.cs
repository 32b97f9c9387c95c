using Holdfast.Core.Engine.Finding;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;
using Holdfast.Testing.Machines;

namespace Holdfast.Mirror.Tests.Reading;

/// <summary>Random histories, searched by Holdfast in the mirror and by find(1) in a copy of the source of each time.</summary>
public sealed class FindAgainstFindTests
{
    private const int Histories = 4, Runs = 5;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WhatASnapshotHasIsWhatFindFindsInTheSourceOfThatTime()
    {
        var random = new Random(RandomSeed.Next());
        for (var i = 0; i < Histories; i++)
        {
            using var past = await RandomPast.MakeAsync(random, Runs);
            var find = new Find(past.Snapshots);
            foreach (var (snapshot, copy) in past.Times)
            {
                Compare(new FindQuery(), []);
                Compare(Named("a*"), ["-iname", "a*"]);
                Compare(Named("A*"), ["-name", "A*"]);
                Compare(Named("[b-d]*"), ["-iname", "[b-d]*"]);
                Compare(Named("[!a]*"), ["-iname", "[!a]*"]);
                Compare(Named("?"), ["-iname", "?"]);
                Compare(Named("41"), ["-iname", "*41*"]);
                Compare(Named("\"*", "*\n"), ["(", "-name", "\"*", "-o", "-name", "*\n", ")"]);
                Compare(Named("/a/*"), ["-ipath", copy + "/a/*"]);
                Compare(Named("*b/?"), ["-ipath", copy + "/*b/?", "-not", "-ipath", copy + "/*b/?/*"]);
                Compare(new FindQuery { Size = SizeRange.Parse("+5") }, ["-type", "f", "-size", "+4c"]);
                Compare(new FindQuery { Size = SizeRange.Parse("-5") }, ["-type", "f", "-size", "-6c"]);
                Compare(new FindQuery { Newer = new Timestamp(1_700_000_020, 0) }, ["-newermt", "@1700000019.999999999"]);
                Compare(new FindQuery { Older = new Timestamp(1_700_000_020, 0) }, ["-not", "-newermt", "@1700000019.999999999"]);

                void Compare(FindQuery query, string[] tests) => Paths(find, query with { At = snapshot }).ShouldBe(RandomPast.Find(copy, tests), string.Join(' ', tests));
            }
        }
    }

    [Fact]
    public async Task FilesOfAHashAreThoseSha256sumNames()
    {
        using var past = await RandomPast.MakeAsync(new Random(RandomSeed.Next()), Runs);
        foreach (var (snapshot, copy) in past.Times)
        {
            var lines = Command.Bash("cd -- \"$1\"; find . -type f -print0 | xargs -0r sha256sum -z", copy).Text.Split('\0', StringSplitOptions.RemoveEmptyEntries);
            foreach (var same in lines.GroupBy(l => l[..64]))
                Paths(new Find(past.Snapshots), new FindQuery { Sha256 = same.Key[..20], At = snapshot }).ShouldBe(same.Select(l => l[68..]).Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public async Task WhatWasDeletedIsWhatWasThereBeforeAndIsNotNow()
    {
        using var past = await RandomPast.MakeAsync(new Random(RandomSeed.Next()), Runs);
        foreach (var ((_, before), (snapshot, copy)) in past.Times.Zip(past.Times.Skip(1)))
            Paths(new Find(past.Snapshots), new FindQuery { Deleted = true, At = snapshot }).ShouldBe(RandomPast.Find(before).Except(RandomPast.Find(copy)));
    }

    [Fact]
    public async Task EveryVersionInTheWholePastIsHeldAndFoundOnlyOnce()
    {
        using var past = await RandomPast.MakeAsync(new Random(RandomSeed.Next()), Runs);
        var found = new Find(past.Snapshots).Run(new FindQuery(), Token).ToList();
        found.ShouldAllBe(f => f.IsHeld != false);
        found.Select(f => (f.Path, f.Brought.Number)).ShouldBeUnique();
        // A path's versions that follow one another differ in contents, by the words of sha256sum.
        foreach (var (a, b) in found.Zip(found.Skip(1)).Where(p => p.First.Path == p.Second.Path && p.First.Version.Until == p.Second.Brought))
            a.Entry.SameContents(b.Entry).ShouldBeFalse(a.Path.ToString());
    }

    [Fact]
    public async Task ListingEverySnapshotTellsTheSamePastAsTheMergedRecords()
    {
        var random = new Random(RandomSeed.Next());
        for (var i = 0; i < Histories; i++)
        {
            using var past = await RandomPast.MakeAsync(random, Runs);
            var merged = ((IHistory)past.Snapshots).Histories(new HistoryQuery(), Token).ToDictionary(p => p.Path);
            var listed = new ListedHistory(past.Snapshots).Histories(new HistoryQuery(), Token).ToList();
            listed.Select(p => p.Path).ShouldBe(merged.Keys);
            foreach (var snapshot in past.Snapshots.Snapshots)
                foreach (var path in listed)
                    Said(path.ListedBy(snapshot, past.Snapshots.Snapshots[^1])).ShouldBe(Said(merged[path.Path].ListedBy(snapshot, past.Snapshots.Snapshots[^1])), path.Path.ToString());
        }

        static string Said(PathVersion? version) => version is null ? "" : $"{version.Entry.Entry.Size} {version.Entry.Entry.Modified} {version.Entry.Entry.Content}";
    }

    private static FindQuery Named(params string[] masks) => new() { Masks = [.. masks.Select(m => new NameMask(m))] };

    private static IEnumerable<string> Paths(Find find, FindQuery query) =>
        find.Run(query, Token).Where(f => !f.Path.IsRoot).Select(f => RandomPast.Text(f.Path)).Order(StringComparer.Ordinal).ToList();
}
