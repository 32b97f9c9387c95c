using Holdfast.Core.Model;
using Holdfast.Core.Sources.Rules;

namespace Holdfast.Core.Tests.Sources.Rules;

public sealed class ScanRulesTests
{
    [Fact]
    public void WithoutIncludeAndTrackEverythingIsTracked() => Describe(ScanRules.Everything, "a/b.txt").ShouldBe("tracked");

    [Theory]
    [InlineData("Notes/a.txt", "included")]
    [InlineData("readme.md", "included")]
    [InlineData("deep/er/readme.md", "included")]
    [InlineData("Projects/x/y", "tracked")]
    [InlineData("Projects/Cache/y", "excluded")]
    [InlineData("Projects/x.log", "excluded")]
    [InlineData("Projects/keep.log", "tracked")]
    [InlineData("Both/x", "tracked")]
    [InlineData("Both/raw/x", "tracked")]
    [InlineData("Notes/raw/x", "nothing")]
    [InlineData("other", "nothing")]
    [InlineData("a.bak", "excluded")]
    public void ExcludeBeatsTrackAndTrackBeatsInclude(string path, string expected)
    {
        var rules = new ScanRules
        {
            Include = List("/Notes/", "!/Notes/raw/", "readme.md", "/Both/", "!/Both/raw/"),
            Track = List("/Projects/", "/Both/"),
            Exclude = List("Cache/", "*.log", "!keep.log", "regex:\\.bak$"),
        };
        Describe(rules, path).ShouldBe(expected);
    }

    [Fact]
    public void AFolderThatNoPatternCanReachIsNotWalked()
    {
        var rules = new ScanRules { Track = List("/Projects/one", "/a/b/*.txt") };
        May(rules, "Projects").ShouldBeTrue();
        May(rules, "a").ShouldBeTrue();
        May(rules, "a/b").ShouldBeTrue();
        May(rules, "a/c").ShouldBeFalse();
        May(rules, "huge").ShouldBeFalse();
        May(rules, "Projects/two").ShouldBeFalse();
        May(new ScanRules { Track = List("*.txt") }, "huge").ShouldBeTrue();
        May(new ScanRules { Track = List("/x/**/y") }, "x/1/2").ShouldBeTrue();
    }

    [Theory]
    [InlineData("", "it is empty.")]
    [InlineData("#a", "in gitignore this is a comment; a name that begins with '#' is written '\\#…'.")]
    [InlineData("/", "it names nothing below the source's root.")]
    [InlineData("a[b", "a '[' is not closed, or names a class that does not exist; a literal one is written '\\['.")]
    [InlineData("[[:nope:]]", "a '[' is not closed, or names a class that does not exist; a literal one is written '\\['.")]
    [InlineData("a\\", "it ends in a '\\' that escapes nothing.")]
    public void APatternThatMeansNothingIsAnErrorWithFileLineAndReason(string text, string reason)
    {
        var error = Should.Throw<RuleException>(() => RuleList.Parse([new RuleText(text, new SourceLine("holdfast.yaml", 12))]));
        error.Message.ShouldBe($"holdfast.yaml:12: the pattern '{text}' is wrong: {reason}");
        error.Kind.ShouldBe(ErrorKind.Usage);
    }

    [Fact]
    public void ABadRegularExpressionIsAnErrorWithFileLineAndReason() =>
        Should.Throw<RuleException>(() => RuleList.Parse([new RuleText("regex:(", new SourceLine("holdfast.yaml", 3))]))
            .Message.ShouldStartWith("holdfast.yaml:3: the pattern 'regex:(' is wrong: ");

    [Fact]
    public void AnExplanationNamesThePatternAndTheFolderItNames()
    {
        var rules = new ScanRules { Exclude = RuleList.Parse([new RuleText("Cache/", new SourceLine("holdfast.yaml", 7))]) };
        RuleExplanation.Of(rules, EntryPath.From("a/Cache/b/c"), isFolder: false).Describe(EntryPath.From("a/Cache/b/c"))
            .ShouldBe("a/Cache/b/c is excluded: exclude pattern 'Cache/' (holdfast.yaml:7), which names 'a/Cache' above it");
    }

    [Theory]
    [InlineData("Both/x", "Both/x is tracked (mirrored with history): track pattern '/Both/', which names 'Both' above it")]
    [InlineData("Both/raw/x", "Both/raw/x is tracked (mirrored with history): track pattern '/Both/', which names 'Both' above it")]
    [InlineData("Both/tmp/x", "Both/tmp/x is included (mirrored without history): include pattern '/Both/', which names 'Both' above it")]
    [InlineData("Both/raw/tmp/x", "Both/raw/tmp/x is not included: track pattern '!tmp', which names 'Both/raw/tmp' above it")]
    public void AnExplanationNamesThePatternOfTheListThatGivesThePathWhatItHas(string path, string expected)
    {
        var rules = new ScanRules { Include = List("/Both/", "!/Both/raw/"), Track = List("/Both/", "!tmp") };
        RuleExplanation.Of(rules, EntryPath.From(path), isFolder: false).Describe(EntryPath.From(path)).ShouldBe(expected);
    }

    [Fact]
    public void BehindAnExclamationMarkAHashIsAnOrdinaryCharacter() =>
        List("\\#*", "!#a").LastMatch(EntryPath.From("#a"), isFolder: false)!.Negated.ShouldBeTrue();

    [Fact]
    public void ManyStarsTakeNoMoreThanTextTimesPattern()
    {
        var rules = List(string.Concat(Enumerable.Repeat("*a", 60)) + "b", "/**/" + string.Concat(Enumerable.Repeat("a*/**/", 20)) + "b");
        var path = EntryPath.From(string.Join('/', Enumerable.Repeat(new string('a', 200), 20)));
        var watch = System.Diagnostics.Stopwatch.StartNew();
        rules.LastMatch(path, isFolder: false).ShouldBeNull();
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void APatternBehindALiteralStartReachesNoFolderBesideItOrTooDeep()
    {
        var rules = new ScanRules { Track = List("/Projects/*/src", "/ab*/c") };
        May(rules, "Projects/one").ShouldBeTrue();
        May(rules, "Projects/one/docs").ShouldBeFalse();
        May(rules, "abc").ShouldBeTrue();
        May(rules, "a").ShouldBeFalse();
    }

    [Fact]
    public void ARegularExpressionTellsNamesApartThatAreNotUtf8()
    {
        var rule = List("regex:^a\\uDCFF$");
        rule.LastMatch(EntryPath.From([(byte)'a', 0xff]), isFolder: false).ShouldNotBeNull();
        rule.LastMatch(EntryPath.From([(byte)'a', 0xfe]), isFolder: false).ShouldBeNull();
        List("regex:^ä/[^/]+$").LastMatch(EntryPath.From("ä/" + new string('x', 400)), isFolder: false).ShouldNotBeNull();
    }

    [Fact]
    public void ARegularExpressionThatTakesTooLongOnAPathIsAnErrorThatNamesBoth()
    {
        var rules = List("regex:^(?=(a+)+$)b");
        var path = EntryPath.From(new string('a', 60) + "!");
        Should.Throw<RuleException>(() => rules.LastMatch(path, isFolder: false)).Message.ShouldContain("takes more than 1 s on 'aaa");
    }

    [Fact]
    public void MatchingAllocatesNothing()
    {
        var rules = List("/Projects/**/[a-c]*.txt", "*.log", "Cache/", "b*?d", "regex:\\.bak$");
        var path = EntryPath.From("Projects/some/where/Documents/z.doc");
        rules.LastMatch(path, isFolder: false).ShouldBeNull();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            rules.LastMatch(path, isFolder: false);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1000);
    }

    [Fact]
    public void ALongListOfPathsStandsForWhatLiesBelowThem()
    {
        var set = new PathSet(new[] { "b", "a/x", "a/x/y", "c!" }.Select(EntryPath.From));
        set.Contains(EntryPath.From("a/x/z")).ShouldBeTrue();
        set.Contains(EntryPath.From("a")).ShouldBeFalse();
        set.Contains(EntryPath.From("bb")).ShouldBeFalse();
        set.HasBelow(EntryPath.From("a")).ShouldBeTrue();
        set.HasBelow(EntryPath.From("b")).ShouldBeFalse();
        set.HasBelow(EntryPath.From("c")).ShouldBeFalse();
    }

    private static RuleList List(params string[] patterns) => RuleList.Parse(patterns.Select(p => new RuleText(p)));

    private static string Describe(ScanRules rules, string path)
    {
        var verdict = RuleExplanation.Of(rules, EntryPath.From(path), isFolder: false).Verdict;
        return verdict.Excluded ? "excluded" : verdict.Tracked ? "tracked" : verdict.Included ? "included" : "nothing";
    }

    private static bool May(ScanRules rules, string folder) => RuleExplanation.Of(rules, EntryPath.From(folder), isFolder: true).Verdict.MayHoldIncluded;
}
