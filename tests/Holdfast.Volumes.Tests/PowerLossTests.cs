using System.Collections.Concurrent;
using Holdfast.Core.Model;
using Holdfast.Testing.Machines;
using Holdfast.Testing.PowerLoss;
using Holdfast.Volumes.Tests.Scenes;

namespace Holdfast.Volumes.Tests;

/// <summary>Wherever the power goes: what has a name is whole, every snapshot comes back, and the next run succeeds.</summary>
public sealed class PowerLossTests
{
    [Theory, InlineData(null), InlineData(60_000L)]
    public async Task InAFirstRun(long? volumeSize) => await ProveAsync(runsBefore: 0, volumeSize, least: 12);

    [Theory, InlineData(null), InlineData(60_000L)]
    public async Task InALaterRun(long? volumeSize) => await ProveAsync(runsBefore: 2, volumeSize, least: 7);

    private static async Task ProveAsync(int runsBefore, long? volumeSize, int least)
    {
        using var disk = new TemporaryFolder("/dev/shm");
        using var scene = new Scene("/dev/shm", disk.Folder("place")) { Options = new VolumeOptions { Compression = Codec.Compression.None, Split = 2, VolumeSize = volumeSize } };
        var states = new List<SortedDictionary<string, string>>();
        for (var run = 0; run < runsBefore; run++)
        {
            Change(scene, run);
            await scene.GoodBackupAsync();
            states.Add(Contents(scene.Source));
        }
        Change(scene, runsBefore);
        Directory.CreateDirectory(scene.State);
        Command.Must("cp", "-a", scene.State, scene["before"]);
        var recording = new Recording(disk.Path);
        scene.OpenPlace = recording.Open;
        await scene.GoodBackupAsync();
        recording.Log.Mark("done");
        states.Add(Contents(scene.Source));

        var violations = new ConcurrentQueue<string>();
        var cases = 0;
        foreach (var lost in new PowerLossReplayer(recording.Log).Cases(RandomSeed.Next()))
        {
            cases++;
            // The state folder lies on another disk: as it was, or gone; as it is after only when the run was over, because the
            // database commits last.
            foreach (var state in lost.Promises.Contains("done") ? new[] { "before", "state", "none" } : ["before", "none"])
                try
                {
                    await CheckAsync(scene, lost, state, states);
                }
                catch (Exception e)
                {
                    violations.Enqueue($"{lost}, state {state}: {e.Message}");
                }
        }
        violations.ShouldBeEmpty();
        cases.ShouldBeGreaterThan(least);
    }

    private static async Task CheckAsync(Scene recorded, PowerLossCase lost, string state, List<SortedDictionary<string, string>> states)
    {
        using var disk = new TemporaryFolder("/dev/shm");
        lost.Image.WriteTo(disk.Folder("disk"));
        using var scene = new Scene("/dev/shm", disk["disk/place"]) { Source = recorded.Source, Clock = recorded.Clock, Options = recorded.Options };
        if (state != "none")
            Command.Must("cp", "-a", recorded[state], scene.State);
        if (File.Exists(Path.Combine(scene.Place, ".holdfast/place.json")))
        {
            using var snapshots = scene.Target.OpenSnapshots();
            var whole = snapshots.Snapshots.Where(s => !s.IsIncomplete).ToList();
            whole.Count.ShouldBeInRange(lost.Promises.Contains("done") ? states.Count : states.Count - 1, states.Count);
            for (var i = 0; i < whole.Count; i++)
                Contents(snapshots, whole[i]).ShouldBe(states[i], $"snapshot {i + 1}");
            // Of a run that was cut off between two names: each file as it was before it, or as it found it.
            foreach (var cut in snapshots.Snapshots.Where(s => s.IsIncomplete))
                foreach (var (path, text) in Contents(snapshots, cut))
                    states.TakeLast(2).ShouldContain(s => s.GetValueOrDefault(path) == text, path);
            snapshots.CheckStructure(default).ShouldBeEmpty();
        }
        await scene.GoodBackupAsync();
        using var after = scene.Target.OpenSnapshots();
        Contents(after, after.Snapshots[^1]).ShouldBe(states[^1], "after the next run");
    }

    private static void Change(Scene scene, int run)
    {
        for (var i = run; i < run + 6; i++)
            File.WriteAllText(Path.Combine(scene.Source, $"file {i}"), string.Concat(Enumerable.Repeat($"contents {i} of run {run}\n", 900)));
        File.Delete(Path.Combine(scene.Source, $"file {run - 1}"));
    }

    private static SortedDictionary<string, string> Contents(string folder) =>
        new(Directory.GetFiles(folder).ToDictionary(f => Path.GetFileName(f), File.ReadAllText), StringComparer.Ordinal);

    private static SortedDictionary<string, string> Contents(Core.Targets.ISnapshots snapshots, Core.Targets.Snapshot snapshot)
    {
        var contents = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in snapshots.Entries(snapshot, EntryPath.Root, default))
            if (entry.Entry.Type == EntryType.File)
            {
                using var file = snapshots.Open(entry);
                contents.Add(entry.Entry.Path.ToString(), new StreamReader(new Core.FileSystem.FileReadStream(file)).ReadToEnd());
            }
        return contents;
    }
}
