using System.Text.Json;
using Holdfast.Cli.Tests.Running;

namespace Holdfast.Cli.Tests;

public sealed class TagTests : IDisposable
{
    private readonly Machine _machine = new Machine().WithDocuments();

    public void Dispose() => _machine.Dispose();

    [Fact]
    public void ASnapshotIsFoundByItsTags()
    {
        BackUp("1", "--tag", "laptop", "--tag", "before-upgrade");
        BackUp("2");
        BackUp("3", "--tag", "laptop,weekly");

        _machine.Run("snapshots", "mirror:disk").Text.ShouldContain("before-upgrade, laptop");
        Numbers().ShouldBe([1, 2, 3]);
        Numbers("--tag", "laptop").ShouldBe([1, 3]);
        Numbers("--tag", "laptop,weekly").ShouldBe([3]);
        Numbers("--tag", "weekly", "--tag", "before-upgrade").ShouldBe([1, 3]);
        Numbers("--tag", "").ShouldBe([2]);
        Numbers("--tag", "nobody").ShouldBeEmpty();
        TagsOf(3).ShouldBe(["laptop", "weekly"]);
        TagsOf(2).ShouldBeEmpty();
        Description(2).ShouldNotContain("tags");
    }

    [Fact]
    public void ARunWithoutChangesMakesASnapshotOnlyForATagThatTheNewestHasNot()
    {
        BackUp("1");

        BackUp("1", "--tag", "before-upgrade");
        Numbers().ShouldBe([1, 2]);
        TagsOf(2).ShouldBe(["before-upgrade"]);

        BackUp("1", "--tag", "before-upgrade");
        BackUp("1");
        Numbers().ShouldBe([1, 2]);
        _machine.Run("cat", "mirror:disk", "todo.txt", "--at", "2").Text.ShouldBe("1\n");
        BackUp("2");
        BackUp("2", "--tag", "after-upgrade");
        _machine.Run("forget", "mirror:disk", "--keep-last", "1", "--keep-tag", "before-upgrade").ExitCode.ShouldBe(0);
        Numbers().ShouldBe([2, 4]);
        _machine.Run("cat", "mirror:disk", "todo.txt", "--at", "2").Text.ShouldBe("1\n");
        _machine.Run("check", "mirror:disk", "--read-data").ExitCode.ShouldBe(0);
    }

    [Fact]
    public void TaggedSnapshotsStayAndForgettingTheirNeighboursTakesNoTagAway()
    {
        for (var i = 1; i <= 9; i++)
            BackUp($"{i}", i % 3 == 0 ? ["--tag", $"third,number {i}"] : []);

        var dry = _machine.Run("forget", "mirror:disk", "--keep-last", "1", "--keep-tag", "third", "--dry-run");
        dry.Text.ShouldContain("keep          tag: third");
        _machine.Run("forget", "mirror:disk", "--keep-last", "1", "--keep-tag", "third").ExitCode.ShouldBe(0);

        Numbers().ShouldBe([3, 6, 9]);
        foreach (var number in new[] { 3, 6, 9 })
        {
            TagsOf(number).ShouldBe([$"number {number}", "third"]);
            _machine.Run("cat", "mirror:disk", "todo.txt", "--at", Id(number)).Text.ShouldBe($"{number}\n");
        }
        _machine.Run("forget", "mirror:disk", "--keep-last", "1", "--keep-tag", "number 3").ExitCode.ShouldBe(0);
        Numbers().ShouldBe([3, 9]);
    }

    [Fact]
    public void AJobMarksAndKeepsByItsConfig()
    {
        _machine.File("holdfast.yaml", "jobs:\n  documents:\n    from: Documents\n    to: mirror:disk\n    tags: [laptop]\n    keep: {last: 1, tags: [before-upgrade]}\n");
        _machine.Run("init", "documents").ExitCode.ShouldBe(0);
        for (var i = 1; i <= 3; i++)
        {
            _machine.File("Documents/todo.txt", $"{i}\n");
            _machine.Run(["backup", .. i == 1 ? ["--tag", "before-upgrade"] : Array.Empty<string>()]).ExitCode.ShouldBe(0);
        }

        Numbers().ShouldBe([1, 3]);
        TagsOf(1).ShouldBe(["before-upgrade", "laptop"]);
        TagsOf(3).ShouldBe(["laptop"]);
        _machine.Run("backup").ExitCode.ShouldBe(0);
        Numbers().ShouldBe([1, 3]);
    }

    [Fact]
    public void TagsThatCannotBeAreRefusedBeforeAnythingIsWritten()
    {
        _machine.Run("backup", "Documents", "--to", "mirror:disk", "--tag", "a,,b").ExitCode.ShouldBe(2);
        _machine.Run("backup", "Documents", "--to", "volumes:disk", "--tag", "a").ErrorText.ShouldContain("tags are for mirror: targets");
        Directory.Exists(_machine["disk"]).ShouldBeFalse();

        BackUp("1");
        var alone = _machine.Run("forget", "mirror:disk", "--keep-tag", "a");
        alone.ExitCode.ShouldBe(2);
        alone.ErrorText.ShouldContain("--keep-last 1");
    }

    private void BackUp(string text, params string[] flags)
    {
        _machine.File("Documents/todo.txt", text + "\n");
        File.SetLastWriteTimeUtc(_machine["Documents/todo.txt"], DateTime.UnixEpoch.AddDays(int.Parse(text, System.Globalization.CultureInfo.InvariantCulture)));
        _machine.Run(["backup", "Documents", "--to", "mirror:disk", .. flags]).ExitCode.ShouldBe(0);
    }

    private IReadOnlyList<JsonElement> Snapshots(params string[] flags) => Machine.JsonLines(_machine.Run(["snapshots", "mirror:disk", "--json", .. flags]).Checked("snapshots").Text);

    private List<int> Numbers(params string[] flags) => [.. Snapshots(flags).Select(s => s.GetProperty("number").GetInt32())];

    private JsonElement Snapshot(int number) => Snapshots().Single(s => s.GetProperty("number").GetInt32() == number);

    private string Id(int number) => Snapshot(number).GetProperty("id").GetString()!;

    private List<string?> TagsOf(int number) => Snapshot(number).TryGetProperty("tags", out var tags) ? [.. tags.EnumerateArray().Select(t => t.GetString())] : [];

    private string Description(int number) => File.ReadAllText(_machine[$"disk/increments/{Id(number)}/increment.json"]);
}
