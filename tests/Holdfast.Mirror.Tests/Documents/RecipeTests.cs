using Holdfast.Core.Engine;
using Holdfast.Core.Sources.Rules;
using Holdfast.Mirror.Tests.Scenes;
using Holdfast.Testing.Machines;
using Holdfast.Testing.Restricted;
using Holdfast.Testing.Trees;

namespace Holdfast.Mirror.Tests.Documents;

/// <summary>The shell recipe of docs/formats/mirror.md rebuilds snapshots; what it makes is judged against copies of the source, by rsync. Nothing of Holdfast reads here.</summary>
public sealed class RecipeTests : IDisposable
{
    private readonly Scene _scene = new(Files.Memory);

    public void Dispose() => _scene.Dispose();

    [Fact]
    public async Task TheRecipeRebuildsEverySnapshotOfATortureTree()
    {
        Peer.Require("rsync", "setfattr");
        Peer.RequireRoot();
        var random = new Random(RandomSeed.Next());
        TortureTree.Build(_scene.Source, seed: random.Next());
        // The one kind of entry that no shell can make.
        Command.Bash("touch -r \"$1/specials\" \"$2\"; find \"$1\" -type s -delete; touch -r \"$2\" \"$1/specials\"", _scene.Source, _scene.Temporary["time"]);
        for (var run = 1; run <= 4; run++)
        {
            if (run > 1)
                TortureTree.Mutate(_scene.Source, random);
            await _scene.BackupAsync(new BackupOptions { AllowDeletions = true });
            KeepCopy(run);
        }

        for (var run = 1; run <= 4; run++)
            Rsync.Differences(Copy(run), Rebuild(run)).ShouldBeEmpty($"snapshot {run}");
    }

    [Fact]
    public async Task TheRecipeRebuildsSnapshotsOfAPlaceWithoutHardLinks()
    {
        Peer.Require("rsync");
        _scene.On(Restrictions.WithoutHardLinks);
        _scene.Write("a", "first");
        Files.Link(_scene.InSource("a"), _scene.InSource("b"));
        _scene.Write("stays", "stays");
        _scene.Write("goes", "goes");
        File.CreateSymbolicLink(_scene.InSource("link"), "stays");
        await _scene.BackupAsync();
        KeepCopy(1);
        _scene.Write("a", "second");
        File.Delete(_scene.InSource("goes"));
        File.Delete(_scene.InSource("link"));
        Command.Must("touch", "-d", "@1700000000.5", _scene.InSource("stays"));
        await _scene.BackupAsync();
        KeepCopy(2);

        foreach (var run in new[] { 1, 2 })
            Rsync.Differences(Copy(run), Rebuild(run)).ShouldBeEmpty($"snapshot {run}");
    }

    [Fact]
    public async Task WhatIsOnlyIncludedComesBackInTheNewestSnapshotAlone()
    {
        Peer.Require("rsync");
        _scene.Options = new BackupOptions { Rules = new ScanRules { Include = Rules("/plain/"), Track = Rules("/kept/") } };
        _scene.Write("plain/a", "1");
        Files.Link(_scene.InSource("plain/a"), _scene.InSource("plain/again"));
        _scene.Write("kept/b", "1");
        await _scene.BackupAsync();
        _scene.Write("kept/b", "second");
        _scene.Write("plain/a", "second");
        await _scene.BackupAsync();
        KeepCopy(2);

        Rsync.Differences(Copy(2), Rebuild(2)).ShouldBeEmpty();
        var old = Rebuild(1);
        Directory.Exists(Path.Combine(old, "plain")).ShouldBeFalse();
        File.ReadAllText(Path.Combine(old, "kept/b")).ShouldBe("1");
    }

    private static RuleList Rules(string line) => RuleList.Parse([new RuleText(line)]);

    private string Copy(int run) => _scene.Temporary[$"copy-{run}"];

    private void KeepCopy(int run)
    {
        Command.Must("cp", "-a", _scene.Source, Copy(run));
        Rsync.Differences(_scene.Source, Copy(run)).ShouldBeEmpty("the copy of the source");
    }

    /// <summary>The recipe may not say a word: what it could not do it would complain about.</summary>
    private string Rebuild(int number)
    {
        var folder = _scene.Temporary[$"rebuilt-{number}"];
        var script = FormatDocument.Recipe + "\nrebuild \"$1\" \"$2\" \"$3\"\n";
        var run = Command.Run("bash", ["-c", script, "bash", _scene.Place, $"{number}", folder]).Checked("rebuild");
        (run.ErrorText + run.Text).ShouldBeEmpty($"snapshot {number}");
        return folder;
    }
}
