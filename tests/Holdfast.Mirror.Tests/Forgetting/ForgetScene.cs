using Holdfast.Core.Targets;
using Holdfast.Mirror.Tests.Model;
using Holdfast.Mirror.Tests.Scenes;
using Holdfast.Testing.Machines;
using Holdfast.Testing.Restricted;

namespace Holdfast.Mirror.Tests.Forgetting;

/// <summary>A place with four snapshots in which every kind of change follows every other, and what each of them was.</summary>
internal sealed class ForgetScene(string? place = null, Restrictions? disk = null) : IDisposable
{
    private readonly List<TreeImage> _then = [];
    private List<string> _ids = [];

    public Scene Scene { get; } = disk is null ? new(Files.Memory, place) : new Scene(Files.Memory, place).On(disk);

    public async Task BuildAsync()
    {
        Scene.Write("a", "first");
        Files.Link(Scene.InSource("a"), Scene.InSource("folder/linked"));
        Scene.Write("comes and goes", "1");
        Scene.Write("file then folder", "file");
        Scene.Write("folder then file/inside", "inside");
        Scene.Write("moves", "contents that move");
        Scene.Write("mode", "mode");
        Scene.Write("stays", "stays");
        for (var i = 0; i < 30; i++) // So that the first increment is the largest, into which the others are merged.
            Scene.Write($"quiet/{i * 7919}", $"{i}");
        Scene.Write("always edited", "1");
        await AddAsync();

        Scene.Write("a", "second");
        Scene.Write("new", "new in two");
        Scene.Write("always edited", "two");
        File.Delete(Scene.InSource("comes and goes"));
        File.Delete(Scene.InSource("file then folder"));
        Scene.Write("file then folder/inside", "deeper");
        Directory.Delete(Scene.InSource("folder then file"), recursive: true);
        Scene.Write("folder then file", "file now");
        File.Move(Scene.InSource("moves"), Scene.InSource("folder/moved"));
        File.SetUnixFileMode(Scene.InSource("mode"), UnixFileMode.UserRead);
        await AddAsync();

        Scene.Write("comes and goes", "3");
        File.SetUnixFileMode(Scene.InSource("new"), UnixFileMode.UserRead);
        File.SetUnixFileMode(Scene.InSource("mode"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.Move(Scene.InSource("folder/moved"), Scene.InSource("moves"));
        File.Delete(Scene.InSource("folder then file"));
        Scene.Write("folder then file/inside", "again a folder");
        Scene.Write("only in three", "3");
        Scene.Write("always edited", "three");
        await AddAsync();

        File.Delete(Scene.InSource("comes and goes"));
        File.Delete(Scene.InSource("only in three"));
        Directory.Delete(Scene.InSource("file then folder"), recursive: true);
        File.CreateSymbolicLink(Scene.InSource("file then folder"), "stays");
        Scene.Write("new", "new in four");
        Scene.Write("always edited", "fourth");
        await AddAsync();
    }

    /// <summary>One more snapshot; the source is changed when nothing else did.</summary>
    public async Task AddAsync()
    {
        if (_then.Count >= 4)
            Scene.Write("more", $"{_then.Count}");
        var now = TreeImage.Of(Scene.Source);
        (await Scene.BackupAsync()).Targets[0].Snapshot.ShouldNotBeNull();
        _then.Add(now);
        using var snapshots = Scene.Open();
        _ids = [.. snapshots.Snapshots.Select(s => s.Id)];
    }

    /// <summary>Forgets snapshots by their numbers.</summary>
    public Task ForgetAsync(params int[] goes) =>
        Scene.Target.ForgetAsync(all => [.. all.Where(s => goes.Contains((int)s.Number))], "test", TimeSpan.Zero, CancellationToken.None);

    /// <summary>Every snapshot that is left is what it was, and none is gone but those that may be.</summary>
    public void CheckLeft(IReadOnlyList<int> mayBeGone, string when) => CheckLeft(Scene, mayBeGone, when);

    /// <summary>The same for a copy of the place.</summary>
    public void CheckLeft(Scene scene, IReadOnlyList<int> mayBeGone, string when)
    {
        using var snapshots = scene.Open();
        var left = snapshots.Snapshots.Select(s => s.Id).ToList();
        _ids.Where((_, i) => !mayBeGone.Contains(i + 1)).Except(left).ShouldBeEmpty(when);
        foreach (var snapshot in snapshots.Snapshots)
            _then[_ids.IndexOf(snapshot.Id)].Differences(TreeImage.Of(snapshots, snapshot)).ShouldBeEmpty($"{snapshot.Id} {when}");
        snapshots.CheckStructure(CancellationToken.None).Select(f => $"{f.Path}: {f.Problem}").ShouldBeEmpty(when);
    }

    /// <summary>Every snapshot as it can be read now.</summary>
    public IReadOnlyList<TreeImage> Images() => Images(Scene);

    /// <summary>The same of a copy of the place.</summary>
    public static IReadOnlyList<TreeImage> Images(Scene scene)
    {
        using var snapshots = scene.Open();
        return [.. snapshots.Snapshots.Select(s => TreeImage.Of(snapshots, s))];
    }

    /// <summary>A copy of place and state to come back to; hard links stay.</summary>
    public string Save()
    {
        var saved = Scene.Temporary["saved"];
        Command.Must("cp", "-a", Scene.Place, saved);
        Command.Must("cp", "-a", Scene.State, saved + ".state");
        return saved;
    }

    public void Bring(string saved)
    {
        Directory.Delete(Scene.Place, recursive: true);
        Directory.Delete(Scene.State, recursive: true);
        Command.Must("cp", "-a", saved, Scene.Place);
        Command.Must("cp", "-a", saved + ".state", Scene.State);
    }

    public void Dispose() => Scene.Dispose();
}
