using Holdfast.Core.Engine.Comparing;
using Holdfast.Mirror.Tests.Scenes;
using Holdfast.Testing.Machines;

namespace Holdfast.Mirror.Tests.Reading;

/// <summary>Differences of random snapshots, against comm, sha256sum and stat in copies of the source of both times.</summary>
public sealed class DifferencesTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task DifferencesAreThoseOtherProgramsSeeBetweenBothTimes()
    {
        using var past = await RandomPast.MakeAsync(new Random(RandomSeed.Next()), 5);
        foreach (var (a, before) in past.Times)
            foreach (var (b, after) in past.Times)
            {
                var found = new SnapshotDifferences(past.Snapshots).Between(a, b, [], Token).Where(d => !d.Path.IsRoot).ToList();
                var (then, now) = (Contents(before), Contents(after));
                var (gone, come) = (Of(DifferenceKind.Removed), Of(DifferenceKind.Added));
                var moved = found.Where(d => d.Kind == DifferenceKind.Moved).ToList();

                gone.Concat(moved.Select(d => RandomPast.Text(d.Before!.Path))).Order(StringComparer.Ordinal).ShouldBe(then.Keys.Except(now.Keys).Order(StringComparer.Ordinal));
                come.Concat(moved.Select(d => RandomPast.Text(d.Path))).Order(StringComparer.Ordinal).ShouldBe(now.Keys.Except(then.Keys).Order(StringComparer.Ordinal));
                moved.ShouldAllBe(d => then[RandomPast.Text(d.Before!.Path)] == now[RandomPast.Text(d.Path)]);
                // What is left over on both sides has no partner.
                gone.Where(p => then[p][0] == 'f').Select(p => then[p]).Intersect(come.Select(p => now[p])).Where(c => !c.EndsWith(Empty, StringComparison.Ordinal)).ShouldBeEmpty();
                Of(DifferenceKind.Changed).ShouldBe(then.Keys.Intersect(now.Keys).Where(p => then[p] != now[p]).Order(StringComparer.Ordinal));
                var (metadataThen, metadataNow) = (Metadata(before), Metadata(after));
                Of(DifferenceKind.Metadata).ShouldBe(then.Keys.Intersect(now.Keys).Where(p => then[p] == now[p] && metadataThen[p] != metadataNow[p]).Order(StringComparer.Ordinal));

                List<string> Of(DifferenceKind kind) => [.. found.Where(d => d.Kind == kind).Select(d => RandomPast.Text(d.Path)).Order(StringComparer.Ordinal)];
            }
    }

    [Fact]
    public async Task WhatIsKeptWithoutHistoryIsNoDifference()
    {
        using var scene = new Scene(Files.Memory);
        scene.Options = new() { Rules = new() { Include = Core.Sources.Rules.RuleList.Parse([new("*")]), Track = Core.Sources.Rules.RuleList.Parse([new("kept.txt")]) } };
        scene.Write("plain.txt", "one");
        scene.Write("kept.txt", "one");
        await scene.BackupAsync();
        scene.Write("plain.txt", "second");
        scene.Write("kept.txt", "second");
        await scene.BackupAsync();
        using var snapshots = scene.Open();
        new SnapshotDifferences(snapshots).Between(snapshots.Snapshots[0], snapshots.Snapshots[1], [], Token)
            .Where(d => !d.Path.IsRoot).Select(d => $"{d.Kind} {d.Path}").ShouldBe(["Changed kept.txt"]);
    }

    // sha256sum of nothing.
    private const string Empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private static Dictionary<string, string> Contents(string folder) => Lines(
        folder,
        "find . -mindepth 1 ! -type f -printf '%y %l\\t%P\\0'; find . -type f -print0 | xargs -0r sha256sum -z | sed -zE 's/^([0-9a-f]+)  \\.\\/(.*)/f \\1\\t\\2/'");

    private static Dictionary<string, string> Metadata(string folder) => Lines(folder, "find . -mindepth 1 -printf '%y %m %U %G %T@\\t%P\\0'");

    /// <summary>What a script says of each path; it prints the words, a tab, the path and a NUL.</summary>
    private static Dictionary<string, string> Lines(string folder, string script) =>
        Command.Bash($"cd -- \"$1\"; {script}", folder).Text.Split('\0', StringSplitOptions.RemoveEmptyEntries).ToDictionary(l => l[(l.IndexOf('\t') + 1)..], l => l[..l.IndexOf('\t')]);
}
