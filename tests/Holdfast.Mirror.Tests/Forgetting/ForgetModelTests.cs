using Holdfast.Core.Engine;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Sources.Rules;
using Holdfast.Core.Targets;
using Holdfast.Mirror.History;
using Holdfast.Mirror.Tests.Model;
using Holdfast.Mirror.Tests.Scenes;
using Holdfast.Testing.Faults;
using Holdfast.Testing.Machines;
using Holdfast.Testing.Restricted;

namespace Holdfast.Mirror.Tests.Forgetting;

/// <summary>
/// Random histories of backups and forgets, with crashes in either and lost caches, against a model: what each snapshot
/// listed when it was made. Contents, metadata and deletions of every one of them stay exact.
/// </summary>
public sealed class ForgetModelTests
{
    private static int Histories => Environment.GetEnvironmentVariable("HOLDFAST_SOAK") is { Length: > 0 } ? 20_000 : 1_000;

    [Fact]
    public Task WhateverIsForgottenWhatIsLeftStaysExact() => RunAllAsync(Histories, null);

    [Fact]
    public Task TheSameOnADiskWithoutHardLinks() => RunAllAsync(Histories / 2, Restrictions.WithoutHardLinks);

    private static async Task RunAllAsync(int histories, Restrictions? disk)
    {
        var seed = RandomSeed.Next();
        var forgotten = 0;
        for (var i = 0; i < histories; i++)
            try
            {
                forgotten += await RunAsync(new Random(unchecked(seed + i)), disk);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                throw new InvalidOperationException($"History {i} of seed {seed} (alone: HOLDFAST_SEED={unchecked(seed + i)}): {e.Message}", e);
            }
        forgotten.ShouldBeGreaterThan(histories);
    }

    private static async Task<int> RunAsync(Random random, Restrictions? disk)
    {
        using var scene = new Scene(Files.Memory);
        var history = new History(scene, random, disk);
        history.OpenWith(LocalFolders.Open);
        for (var i = 0; i < 7; i++)
            await history.StepAsync();
        await history.ForgetAsync(crash: false);
        return history.Forgotten;
    }

    private sealed class History(Scene scene, Random random, Restrictions? disk)
    {
        // A third of the histories keep no history but of what is called "a" or "c".
        private readonly bool _all = random.Next(3) != 0;
        private readonly RandomSource _source = new(scene.Source, random);
        private readonly List<TreeImage> _then = [];

        // Each snapshot there ever was, and which of them those that are left are: contents that were others in a forgotten one were brought again.
        private readonly List<TreeImage> _ever = [];
        private readonly List<int> _place = [];

        public int Forgotten { get; private set; }

        public void OpenWith(Func<string, IFolder> open) => scene.OpenPlace = disk is null ? open : path => new RestrictedFolder(open(path), disk);

        public async Task StepAsync()
        {
            switch (random.Next(10))
            {
                case < 7:
                    for (var i = random.Next(1, 12); i > 0; i--)
                        Change();
                    await BackupAsync();
                    break;
                case 7:
                    await ForgetAsync(crash: true);
                    break;
                case 8:
                    await ForgetPathsAsync(crash: random.Next(2) == 0);
                    break;
                default:
                    await ForgetAsync(crash: false);
                    break;
            }
            if (random.Next(12) == 0 && Directory.Exists(scene.State))
                Directory.Delete(scene.State, recursive: true);
        }

        /// <summary>A step of the source; what only a ctime tells is shown at once, because caches get lost here.</summary>
        private void Change()
        {
            _source.Step();
            foreach (var inode in _source.Unseen)
                foreach (var name in TreeImage.Of(scene.Source).Names.GetValueOrDefault(inode, []).Take(1))
                    _source.Stamp(Path.Combine(scene.Source, name.Replace("\\x0A", "\n", StringComparison.Ordinal)));
            _source.Unseen.Clear();
        }

        private async Task BackupAsync()
        {
            var report = await scene.BackupAsync(new BackupOptions { Rules = Rules, AllowDeletions = true, Workers = 1 });
            if (report.Targets[0].Snapshot is not null)
            {
                _then.Add(Newest());
                _place.Add(_ever.Count);
                _ever.Add(_then[^1]);
            }
            Check();
        }

        /// <summary>What the run made of the source: whether that is right is the business of ModelTests.</summary>
        private TreeImage Newest()
        {
            using var snapshots = scene.Open();
            return TreeImage.Of(snapshots, snapshots.Snapshots[^1]);
        }

        public async Task ForgetAsync(bool crash)
        {
            if (_then.Count < 2)
                return;
            var goes = Enumerable.Range(0, _then.Count - 1).Where(_ => random.Next(3) == 0).ToHashSet();
            var before = _then.ToList();
            var ids = Ids();
            var plan = new FaultPlan();
            if (crash)
            {
                plan.CrashAt(random.Next(1, 60));
                OpenWith(plan.Open);
            }
            try
            {
                await scene.Target.ForgetAsync(all => [.. goes.Select(i => all[i])], "test", TimeSpan.Zero, CancellationToken.None);
            }
            catch (Exception) when (plan.HasCrashed)
            {
                // As planned: some are forgotten, some are not; which, the place says.
            }
            OpenWith(LocalFolders.Open);
            var left = Ids();
            if (!plan.HasCrashed)
                left.ShouldBe(ids.Where((_, i) => !goes.Contains(i)));
            else
                ids.Where((_, i) => !goes.Contains(i)).Except(left).ShouldBeEmpty();
            var places = _place.ToList();
            _then.Clear();
            _then.AddRange(before.Where((_, i) => left.Contains(ids[i])));
            _place.Clear();
            _place.AddRange(places.Where((_, i) => left.Contains(ids[i])));
            Forgotten += ids.Count - left.Count;
            Check();
        }

        /// <summary>
        /// What is in the newest snapshot stays from the run on that brought it; of everything else that is called so nothing is
        /// left. What is not called so stays as it is.
        /// </summary>
        private async Task ForgetPathsAsync(bool crash)
        {
            if (_then.Count == 0)
                return;
            var name = ((string[])["a", "b", "c"])[random.Next(3)];
            var plan = new FaultPlan();
            if (crash)
            {
                plan.CrashAt(random.Next(1, 60));
                scene.OpenPlace = plan.Open;
            }
            try
            {
                await scene.Target.ForgetPathsAsync(RuleList.Parse([new RuleText(name)]), _ => { }, dryRun: false, "test", TimeSpan.Zero, CancellationToken.None);
            }
            catch (Exception) when (plan.HasCrashed)
            {
                // As planned: all is as it was, or all of it is forgotten.
            }
            scene.OpenPlace = LocalFolders.Open;
            var now = Images();
            var isUnchanged = plan.HasCrashed && Enumerable.Range(0, now.Count).All(i => !Listed(i).Differences(now[i]).Any());
            if (!isUnchanged)
                CheckCut(name, now);
            for (var i = 0; i < now.Count; i++)
                _then[i] = now[i];
            Check();
        }

        private void CheckCut(string name, List<TreeImage> now)
        {
            var newest = now[^1];
            _then[^1].Differences(newest).ShouldBeEmpty("the newest snapshot");
            for (var i = 0; i < now.Count - 1; i++)
            {
                var was = Listed(i);
                bool IsCut(string path) => path.Split('/').Contains(name) && !now[i].Has(path);
                was.Where(path => !IsCut(path)).Differences(now[i]).ShouldBeEmpty($"what is left of snapshot {i + 1} without {name}");
                foreach (var path in was.Paths.Where(path => path.Split('/').Contains(name)))
                {
                    var always = _then.Skip(i).Concat(_ever.Skip(_place[i])).All(then => then.Same(path, newest));
                    now[i].Has(path).ShouldBe(always || (now[i].Has(path) && newest.SameContents(path, was)), $"{path} in snapshot {i + 1}");
                    if (now[i].Has(path))
                        now[i + 1].Has(path).ShouldBeTrue($"{path} in snapshot {i + 2}");
                }
            }
        }

        private List<TreeImage> Images()
        {
            using var snapshots = scene.Open();
            return [.. snapshots.Snapshots.Select(s => TreeImage.Of(snapshots, s))];
        }

        private ScanRules Rules => _all ? ScanRules.Everything : new ScanRules
        {
            Include = RuleList.Parse([new RuleText("*")]),
            Track = RuleList.Parse([new RuleText("a"), new RuleText("c")]),
        };

        private List<string> Ids()
        {
            using var snapshots = scene.Open();
            return [.. snapshots.Snapshots.Select(s => s.Id)];
        }

        private void Check()
        {
            using var snapshots = scene.Open();
            snapshots.Snapshots.Count.ShouldBe(_then.Count);
            for (var i = 0; i < _then.Count; i++)
                Listed(i).Differences(TreeImage.Of(snapshots, snapshots.Snapshots[i])).ShouldBeEmpty($"snapshot {i + 1} of {_then.Count}");
            if (_then.Count == 0)
                return;
            scene.Findings().ShouldBeEmpty();
            CheckRecords();
        }

        private TreeImage Listed(int i) =>
            i == _then.Count - 1 || _all ? _then[i] : _then[i].Where(path => path == "." || path.Split('/').Any(name => name is "a" or "c"));

        /// <summary>A record deletes what was there, brings anew what was not, and track/ holds what it brings and nothing else; without hard links, only what is not in mirror/.</summary>
        private void CheckRecords()
        {
            using var place = LocalFolders.Open(scene.Place);
            if (place.TryStat(Mirror.Forgetting.MergeIntent.File) is not null || place.TryStat(Mirror.Forgetting.PathIntent.File) is not null)
                return;
            var increments = Increment.List(place);
            var listed = new HashSet<EntryPath>();
            var newest = disk is null ? [] : RecordMerge.State(place, increments, isNewest: true, CancellationToken.None).ToDictionary(e => e.Entry.Path, e => e.Version);
            for (var i = 0; i < increments.Count; i++)
            {
                var held = new List<string>();
                using (var record = increments[i].OpenRecord(place))
                    while (record.Next() is { } line)
                    {
                        if (line.Kind == ChangeKind.New)
                            listed.Add(line.Path).ShouldBeTrue($"{line.Path} is new in {increments[i].Id} but was there");
                        else if (line.Kind == ChangeKind.Deleted)
                            listed.Remove(line.Path);
                        else if (line.Kind == ChangeKind.Metadata)
                            listed.ShouldContain(line.Path);
                        else
                            listed.Add(line.Path);
                        if (line is { BringsContent: true, Entry: { Type: EntryType.File, Tracked: true } } && newest.GetValueOrDefault(line.Path) != increments[i].Number)
                            held.Add(line.Path.ToString());
                    }
                var now = RecordMerge.State(place, [.. increments.Take(i + 1)], isNewest: true, CancellationToken.None).Select(e => e.Entry.Path);
                listed.Order().ShouldBe(now.Order());
                TrackedIn(place, increments[i]).ShouldBe(held.Order(StringComparer.Ordinal), $"what {increments[i].Id} holds");
            }
        }

        private static IEnumerable<string> TrackedIn(IFolder place, Increment increment)
        {
            var track = increment.Folder.Child(MirrorLayout.Track.Bytes);
            if (place.TryStat(track) is null)
                return [];
            using var folder = place.OpenFolder(track);
            return [.. FolderTree.Walk(folder).Where(f => f.Stat.Type == EntryType.File).Select(f => f.Path.ToString()).Order(StringComparer.Ordinal)];
        }
    }
}
