using Holdfast.Cli.Tests.Running;
using Holdfast.Testing.Machines;

namespace Holdfast.Cli.Tests;

/// <summary><c>find</c>, <c>diff</c> and <c>stats</c> as they are typed: what they print, in both forms, and how they end.</summary>
public sealed class FindTests : IDisposable
{
    private readonly Machine _machine = new Machine().WithDocuments();

    /// <summary>Two snapshots: one file edited, one deleted, one moved, one new.</summary>
    public FindTests()
    {
        _machine.File("Documents/photo.raw", new string('p', 3000));
        Backup();
        _machine.File("Documents/Projects/plan.txt", "one and two\n");
        File.Delete(_machine["Documents/todo.txt"]);
        File.Move(_machine["Documents/photo.raw"], _machine["Documents/Projects/photo.raw"]);
        _machine.File("Documents/letter.odt", "dear");
        Backup();
    }

    public void Dispose() => _machine.Dispose();

    [Theory]
    [InlineData("--name plan", "Projects/plan.txt Projects/plan.txt")]
    [InlineData("--name *.txt --at 2", "Projects/plan.txt todo.txt")]
    [InlineData("--name *.odt --name TODO", "letter.odt")]
    [InlineData("--name *.odt --name todo", "letter.odt todo.txt")]
    [InlineData("--size +1k", "Projects/photo.raw photo.raw")]
    [InlineData("--size 4", "Projects/plan.txt letter.odt")]
    [InlineData("--deleted", "photo.raw todo.txt")]
    [InlineData("--newer 1d --name letter", "letter.odt")]
    [InlineData("--older 1d", "")]
    [InlineData("Projects --size +1k", "Projects/photo.raw")]
    public void WhatIsAskedForIsFoundAndNothingElse(string asked, string paths)
    {
        var run = _machine.Run(["find", "mirror:disk", .. asked.Split(' '), "--json"]);

        run.ErrorText.ShouldBe("");
        run.ExitCode.ShouldBe(paths.Length == 0 ? 1 : 0);
        var found = Machine.JsonLines(run.Text);
        string.Join(' ', found.SkipLast(1).Select(f => f.GetProperty("path").GetString()).Order(StringComparer.Ordinal)).ShouldBe(paths);
        found[^1].GetProperty("versions").GetInt32().ShouldBe(found.Count - 1);
    }

    [Fact]
    public void AHashThatSha256sumPrintsFindsTheFile()
    {
        var hash = Command.Must("sha256sum", _machine["Documents/letter.odt"]).Text[..12];

        Machine.JsonLines(_machine.Run("find", "mirror:disk", "--sha256", hash, "--json").Text)[0].GetProperty("path").GetString().ShouldBe("letter.odt");
    }

    [Fact]
    public void TheHistoryOfAFileShowsEachVersionAndWhetherItsBytesAreThere()
    {
        File.Delete(Directory.GetDirectories(_machine["disk/increments"]).Order(StringComparer.Ordinal).First() + "/track/Projects/plan.txt");

        var run = _machine.Run("find", "mirror:disk", "Projects/plan.txt", "--history");

        run.ExitCode.ShouldBe(0);
        var versions = run.Text.Split('\n').Where(line => line.Contains("00000", StringComparison.Ordinal)).ToList();
        versions.Count.ShouldBe(2);
        versions[0].ShouldContain("new");
        versions[0].ShouldNotContain("there");
        versions[1].ShouldContain("changed");
        versions[1].ShouldEndWith("there");
    }

    [Theory]
    [InlineData("find", "--size", "many", 2)]
    [InlineData("find", "--newer", "soon", 2)]
    [InlineData("find", "--sha256", "xyz", 2)]
    [InlineData("diff", "1", "9", 1)]
    [InlineData("diff", "1", "never", 1)]
    public void WhatCannotBeMeantIsAnErrorThatNamesIt(string verb, string first, string second, int exitCode)
    {
        var run = _machine.Run(verb, "mirror:disk", first, second);

        run.ExitCode.ShouldBe(exitCode);
        run.ErrorText.ShouldContain(second);
        run.Text.ShouldBe("");
    }

    [Fact]
    public void ADifferenceIsNamedByItsKindAndTheExitCodeTellsWhenAsked()
    {
        var run = _machine.Run("diff", "mirror:disk", "2", "1", "--exit-code", "--json");

        run.ExitCode.ShouldBe(1);
        var lines = Machine.JsonLines(run.Text);
        lines.SkipLast(1).Where(l => l.GetProperty("kind").GetString() == "file").Select(l => $"{l.GetProperty("difference").GetString()} {l.GetProperty("path").GetString()}").Order(StringComparer.Ordinal)
            .ShouldBe(["added letter.odt", "changed Projects/plan.txt", "moved Projects/photo.raw", "removed todo.txt"]);
        _machine.Run("diff", "mirror:disk", "2", "1").ExitCode.ShouldBe(0);
        _machine.Run("diff", "mirror:disk", "1", "1", "--exit-code").ExitCode.ShouldBe(0);
        _machine.Run("diff", "mirror:disk", "2", "1", "Projects").Text.ShouldNotContain("letter.odt");
    }

    [Fact]
    public void WhatIsStoredIsWhatFindCountsInTheIncrements()
    {
        var stats = Machine.JsonLines(_machine.Run("stats", "mirror:disk", "--json").Text);

        // A moved file is a further name of the one it was.
        var stored = Command.Bash("find \"$1\" -path '*/track/*' -type f -printf '%i %s\\n' | sort -u | awk '{ n++; b += $2 } END { print n, b }'", _machine["disk/increments"]).Text.Trim();
        $"{stats[^1].GetProperty("files_stored").GetInt64()} {stats[^1].GetProperty("bytes_stored").GetInt64()}".ShouldBe(stored);
        stats[^1].GetProperty("snapshots").GetInt32().ShouldBe(2);
        _machine.Run("stats", "mirror:disk").Text.ShouldContain("stored ");
    }

    private void Backup() => _machine.Run("backup", "Documents", "--to", "mirror:disk", "--allow-deletions").Checked("holdfast");
}
