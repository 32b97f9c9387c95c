using Holdfast.Core.Engine;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Sources.Rules;
using Holdfast.Core.Targets;
using Holdfast.Testing.Faults;
using Holdfast.Testing.Machines;
using Holdfast.Volumes.Tests.Scenes;

namespace Holdfast.Volumes.Tests;

/// <summary>
/// Ten lives of twenty runs each (a hundred in the soak), with random edits, deletions, files kept out or unreadable, lost volumes and a lost
/// database, against a model that knows only what the source held. After every run all removable volumes are removed.
/// </summary>
public sealed class SimulationTests
{
    private const int Runs = 20, KeepDays = 4;

    public static TheoryData<int> Lives => [.. Enumerable.Range(0, Environment.GetEnvironmentVariable("HOLDFAST_SOAK") is { Length: > 0 } ? 100 : 10)];

    [Theory, MemberData(nameof(Lives))]
    public async Task WhatExistedComesBackUnlessTheTestLostIt(int life)
    {
        var random = new Random(RandomSeed.Next() + life);
        using var scene = new Scene("/dev/shm") { Options = new VolumeOptions { Compression = Codec.Compression.None, Split = 1 + random.Next(6), KeepDeleted = TimeSpan.FromDays(KeepDays), VolumeSize = life % 2 == 0 ? 20_000 : null } };
        var model = new Model(scene, random);
        for (var run = 1; run <= Runs; run++)
        {
            model.Edit();
            await model.BackupAsync();
            if (run > 3 && random.Next(6) == 0)
                model.LoseAVolume();
            if (random.Next(6) == 0)
                scene.LoseDatabase();
            model.Check($"life {life}, run {run}");
            await scene.ForgetAsync();
            model.Check($"life {life}, run {run}, after forgetting");
        }
        var volumes = scene.VolumeFiles.Count;
        // Nothing is kept for its age: without losses about `split` runs and the last days' deletions are left.
        scene.Options.VolumeSize.ShouldBeOneOf(null, 20_000);
        if (scene.Options.VolumeSize is null)
            volumes.ShouldBeLessThan(Runs);
    }

    /// <summary>What the source held, by the test's own book.</summary>
    private sealed class Model(Scene scene, Random random)
    {
        // The contents last backed up, by path; what is gone and since when; and contents the test lost itself.
        private readonly SortedDictionary<string, byte[]> _live = new(StringComparer.Ordinal);
        private readonly Dictionary<string, (byte[] Bytes, DateTimeOffset Since, int Run)> _gone = new(StringComparer.Ordinal);
        private readonly HashSet<string> _mayBeLost = new(StringComparer.Ordinal);
        private int _run;

        public void Edit()
        {
            for (var i = random.Next(_run == 0 ? 40 : 6) + (_run == 0 ? 20 : 0); i > 0; i--)
                Write($"folder {(char)(97 + random.Next(4))}/file {random.Next(60)}");
            foreach (var path in Directory.GetFiles(scene.Source, "*", SearchOption.AllDirectories).Where(_ => random.Next(20) == 0))
                File.Delete(path);
        }

        public async Task BackupAsync()
        {
            _run++;
            // By name, so that the same few files are kept out or unreadable for several runs.
            bool IsKeptOut(string path) => (_run / 4) % 2 == 1 && path.EndsWith('3');
            bool IsUnreadable(string path) => (_run / 5) % 2 == 1 && path.EndsWith('7');
            var faults = new FaultPlan().Fail(FolderOperation.OpenFile, Errno.InputOutput, path => IsUnreadable(path.ToString()));
            scene.OpenSource = path => faults.Around(LocalFolders.Open(path));
            var rules = new ScanRules { Exclude = RuleList.Parse((_run / 4) % 2 == 1 ? [new RuleText("*3")] : []) };
            var report = await scene.BackupAsync(new BackupOptions { Rules = rules, AllowDeletions = true });
            report.Targets[0].Failure.ShouldBeNull();
            report.Counters.Failures.Where(f => !IsUnreadable(f.Path.ToString())).ShouldBeEmpty();

            var now = Directory.GetFiles(scene.Source, "*", SearchOption.AllDirectories).ToDictionary(p => Path.GetRelativePath(scene.Source, p), File.ReadAllBytes);
            foreach (var (path, bytes) in now)
                if (!IsKeptOut(path) && !IsUnreadable(path))
                {
                    _live[path] = bytes;
                    _gone.Remove(path);
                    _mayBeLost.Remove(path);
                }
            foreach (var path in _live.Keys.Where(p => !now.ContainsKey(p)).ToList())
            {
                _gone[path] = (_live[path], scene.Clock, _run);
                _live.Remove(path);
            }
            foreach (var path in _gone.Where(g => scene.Clock - g.Value.Since > TimeSpan.FromDays(KeepDays) && _run - g.Value.Run >= 3).Select(g => g.Key).ToList())
                _gone.Remove(path);
        }

        /// <summary>Any volume, but of the newest run never all.</summary>
        public void LoseAVolume()
        {
            var volumes = scene.VolumeFiles;
            var mayGo = volumes.Where(v => RunOf(v) != RunOf(volumes[^1])).ToList();
            if (volumes.Count - mayGo.Count > 1)
                mayGo = [.. volumes];
            if (mayGo.Count == 0)
                return;
            var lost = mayGo[random.Next(mayGo.Count)];
            _mayBeLost.UnionWith(Members(lost));
            File.Delete(lost);
        }

        public void Check(string when)
        {
            using var snapshots = scene.Target.OpenSnapshots();
            var newest = snapshots.Snapshots[^1];
            var listed = snapshots.Entries(newest, EntryPath.Root, default).Where(e => e.Entry.Type == EntryType.File).ToDictionary(e => e.Entry.Path.ToString());
            if (newest.IsIncomplete)
            {
                // Without a run's last volume and without the database, what only that volume held is not known.
                listed.Keys.Except(_live.Keys).ShouldBeEmpty(when);
                _live.Keys.Except(listed.Keys).Except(_mayBeLost).ShouldBeEmpty(when);
            }
            else
            {
                string.Join("|", listed.Keys.Order(StringComparer.Ordinal)).ShouldBe(string.Join("|", _live.Keys), when);
            }
            var missing = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var (path, bytes) in _live.Where(l => !newest.IsIncomplete || !_mayBeLost.Contains(l.Key)))
                Compare(snapshots, listed[path], bytes, when, missing);
            foreach (var (path, (bytes, _, _)) in _gone)
                if (LastOf(snapshots, path) is { } entry)
                    Compare(snapshots, entry, bytes, when, missing);
                else
                    _mayBeLost.Contains(path).ShouldBeTrue($"{path} is gone and nothing lists it, {when}");
            // What is missing is named.
            var named = snapshots.CheckStructure(default).Select(f => f.Path).ToHashSet(StringComparer.Ordinal);
            foreach (var path in missing.Keys.Where(_live.ContainsKey))
                named.Contains(path).ShouldBeTrue($"{path} is missing and not named, {when}: {missing[path]}");
        }

        private void Compare(ISnapshots snapshots, SnapshotEntry entry, byte[] bytes, string when, Dictionary<string, string> missing)
        {
            var path = entry.Entry.Path.ToString();
            try
            {
                using var file = snapshots.Open(entry);
                var read = new byte[bytes.Length + 1];
                var isSame = file.Read(0, read) == bytes.Length && read.AsSpan(0, bytes.Length).SequenceEqual(bytes);
                // What is gone and whose last contents the test lost comes back as it was before, from an older snapshot.
                (isSame || (_mayBeLost.Contains(path) && !_live.ContainsKey(path))).ShouldBeTrue($"{path} is not what it was, {when}");
            }
            catch (HoldfastException e)
            {
                _mayBeLost.Contains(path).ShouldBeTrue($"{path}, {when}: {e.Message}");
                missing[path] = e.Message;
            }
        }

        private static SnapshotEntry? LastOf(ISnapshots snapshots, string path) =>
            snapshots.Snapshots.Reverse().Select(s => snapshots.Entries(s, EntryPath.From(path), default).FirstOrDefault()).FirstOrDefault(e => e is not null);

        /// <summary>The number and the time in the name: the volumes of a run share the time.</summary>
        private static string RunOf(string volume) => Path.GetFileName(volume)[7..22];

        /// <summary>Files that are in it, whole or in part.</summary>
        private static IEnumerable<string> Members(string volume) =>
            Command.Must("tar", "--quoting-style=literal", "-tf", volume).Text.Split('\n')
                .Where(l => !l.EndsWith('/') && !l.StartsWith(".holdfast", StringComparison.Ordinal))
                .Select(l => l.Split(".holdfast-part")[0]);

        private void Write(string path)
        {
            // A large one is saved in parts.
            var bytes = new byte[scene.Options.VolumeSize is not null && random.Next(15) == 0 ? random.Next(200_000) : random.Next(3000)];
            random.NextBytes(bytes);
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(scene.Source, path))!);
            File.WriteAllBytes(Path.Combine(scene.Source, path), bytes);
        }
    }
}
