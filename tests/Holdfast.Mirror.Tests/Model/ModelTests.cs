using Holdfast.Core.Engine;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Sources.Rules;
using Holdfast.Mirror.Tests.Scenes;
using Holdfast.Testing.Faults;
using Holdfast.Testing.Machines;
using Holdfast.Testing.Restricted;

namespace Holdfast.Mirror.Tests.Model;

/// <summary>
/// Random histories of a small tree, with crashes, clock jumps, lost caches and damage in the mirror, against a model: what
/// the source was at each committed run.
/// </summary>
public sealed class ModelTests
{
    private const int Steps = 40;

    private static int Sequences => Environment.GetEnvironmentVariable("HOLDFAST_SOAK") is { Length: > 0 } ? 20_000 : 300;

    [Fact]
    public Task EverySnapshotIsTheSourceOfItsTimeWhateverHappens() => RunAllAsync(Sequences, null);

    [Fact]
    public Task TheSameOnADiskWithoutHardLinks() => RunAllAsync(Sequences / 2, Restrictions.WithoutHardLinks);

    private static async Task RunAllAsync(int sequences, Restrictions? disk)
    {
        var seed = RandomSeed.Next();
        for (var i = 0; i < sequences; i++)
            try
            {
                await RunAsync(new Random(unchecked(seed + i)), disk);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                throw new InvalidOperationException($"Sequence {i} of seed {seed} (alone: HOLDFAST_SEED={unchecked(seed + i)}): {e.Message}", e);
            }
    }

    private static async Task RunAsync(Random random, Restrictions? disk)
    {
        using var scene = new Scene(Files.Memory);
        var run = new Sequence(scene, random, disk);
        for (var i = 0; i < Steps; i++)
            await run.StepAsync();
        await run.BackupAsync();
        run.CheckHistory();
    }

    private sealed class Sequence(Scene scene, Random random, Restrictions? disk)
    {
        // A third of the histories keep no history but of what is called "a" or "c".
        private readonly ScanRules _rules = random.Next(3) != 0 ? ScanRules.Everything : new ScanRules
        {
            Include = RuleList.Parse([new RuleText("*")]),
            Track = RuleList.Parse([new RuleText("a"), new RuleText("c")]),
        };

        private readonly RandomSource _source = new(scene.Source, random);
        private readonly List<TreeImage> _history = [];
        private Dictionary<ulong, List<string>> _namesThen = [];
        private bool _identitiesLost;
        private TreeImage? _cutOffFirst;

        private Func<string, IFolder> On(Func<string, IFolder> open) => disk is null ? open : path => new RestrictedFolder(open(path), disk);

        public async Task StepAsync()
        {
            scene.OpenPlace = On(LocalFolders.Open);
            switch (random.Next(20))
            {
                case < 13:
                    _source.Step();
                    break;
                case < 16:
                    await BackupAsync();
                    break;
                case 16:
                    await CrashAsync();
                    break;
                case 17:
                    scene.Clock += TimeSpan.FromDays(random.Next(-4000, 4000));
                    break;
                case 18:
                    Damage();
                    break;
                default:
                    if (random.Next(3) == 0 && Directory.Exists(scene.State))
                        Directory.Delete(scene.State, recursive: true);
                    _identitiesLost = true;
                    break;
            }
        }

        public async Task BackupAsync()
        {
            ShowWhatNobodyCanSee();
            var now = TreeImage.Of(scene.Source);
            var report = await scene.BackupAsync(Options());
            // A first run that was cut off just before its commit is completed by the next run.
            if (_cutOffFirst is { } first && CountSnapshots() > (report.Targets[0].Snapshot is null ? 0 : 1))
                _history.Add(first);
            _cutOffFirst = null;
            if (report.Targets[0].Snapshot is not null)
                _history.Add(now);
            now.Differences(TreeImage.Of(scene.Mirror), links: disk is null).ShouldBeEmpty("the mirror after a run");
            if (disk is not null)
                RequireNothingTwice();
            Committed(now);
            CheckHistory();
        }

        /// <summary>Every file of track/ is a version that nothing else holds: neither mirror/ nor another increment.</summary>
        private void RequireNothingTwice()
        {
            using var snapshots = scene.Open();
            var current = snapshots.Entries(snapshots.Snapshots[^1], EntryPath.Root, CancellationToken.None).ToDictionary(e => e.Entry.Path.ToString(), e => e.Version);
            foreach (var snapshot in snapshots.Snapshots)
            {
                var track = Path.Combine(scene.Place, "increments", snapshot.Id, "track");
                if (!Directory.Exists(track))
                    continue;
                foreach (var file in Directory.EnumerateFiles(track, "*", SearchOption.AllDirectories))
                    if (_rules.NamesEverything)
                        current.GetValueOrDefault(EntryPath.From(Path.GetRelativePath(track, file)).ToString()).ShouldNotBe(snapshot.Number, $"{file} lies in mirror/ too");
            }
        }

        private int CountSnapshots()
        {
            if (!File.Exists(Path.Combine(scene.Place, ".holdfast/place.json")))
                return 0;
            using var snapshots = scene.Open();
            return snapshots.Snapshots.Count;
        }

        public void CheckHistory()
        {
            using var snapshots = scene.Open();
            snapshots.Snapshots.Count.ShouldBe(_history.Count);
            for (var i = 0; i < _history.Count; i++)
                Listed(_history[i], isNewest: i == _history.Count - 1).Differences(TreeImage.Of(snapshots, snapshots.Snapshots[i])).ShouldBeEmpty($"snapshot {i + 1} of {_history.Count}");
        }

        /// <summary>An older snapshot lists tracked paths only.</summary>
        private TreeImage Listed(TreeImage then, bool isNewest) =>
            isNewest || _rules.NamesEverything ? then : then.Where(path => path == "." || path.Split('/').Any(name => name is "a" or "c"));

        private async Task CrashAsync()
        {
            ShowWhatNobodyCanSee();
            var now = TreeImage.Of(scene.Source);
            var plan = new FaultPlan();
            scene.OpenPlace = On(plan.Open);
            plan.CrashAt(random.Next(1, 120));
            try
            {
                await scene.BackupAsync(Options());
            }
            catch (Exception e) when (plan.HasCrashed && e is not ShouldAssertException)
            {
                // As planned.
            }
            scene.OpenPlace = On(LocalFolders.Open);
            _identitiesLost = true;
            if (_cutOffFirst is { } first && CountSnapshots() > 0)
                _history.Add(first);
            _cutOffFirst = _history.Count == 0 && Directory.Exists(scene.Mirror) ? now : null;
            if (!Directory.Exists(Path.Combine(scene.Place, "increments")))
                return;
            using var snapshots = scene.Open();
            if (snapshots.Snapshots.Count > _history.Count)
            {
                // The crash came after the commit.
                _cutOffFirst = null;
                _history.Add(now);
                Committed(now);
                _identitiesLost = true;
            }
            CheckHistory();
        }

        private BackupOptions Options() => new() { Rules = _rules, AllowDeletions = true, Workers = random.Next(1, 4), Checksum = random.Next(10) == 0 };

        private void Committed(TreeImage now)
        {
            _namesThen = now.Names;
            _source.Unseen.Clear();
            _identitiesLost = false;
        }

        /// <summary>Other bytes behind the same size and mtime are found by ctime; not when the file was also renamed or the cache is gone.</summary>
        private void ShowWhatNobodyCanSee()
        {
            var names = TreeImage.Of(scene.Source).Names;
            foreach (var inode in _source.Unseen)
                if (names.TryGetValue(inode, out var now) && (_identitiesLost || !_namesThen.TryGetValue(inode, out var then) || !then.SequenceEqual(now)))
                    _source.Stamp(Path.Combine(scene.Source, Unescaped(now[0])));
        }

        private static string Unescaped(string path) => path.Replace("\\x0A", "\n", StringComparison.Ordinal);

        /// <summary>Somebody is at work in the mirror: removes, replaces, adds.</summary>
        private void Damage()
        {
            // What has no history, or no second name, lies in the mirror alone: damaged there, it is lost.
            if (!Directory.Exists(scene.Mirror) || !_rules.NamesEverything || disk is not null)
                return;
            var all = Directory.EnumerateFileSystemEntries(scene.Mirror, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToList();
            var path = all.Count == 0 || random.Next(4) == 0 ? Path.Combine(scene.Mirror, "foreign" + random.Next(3)) : all[random.Next(all.Count)];
            if (Directory.Exists(path) && new FileInfo(path).LinkTarget is null)
                Directory.Delete(path, recursive: true);
            else
                File.Delete(path);
            switch (random.Next(4))
            {
                case 0:
                    File.WriteAllText(path, "xyz");
                    break;
                case 1:
                    Directory.CreateDirectory(path);
                    File.WriteAllText(Path.Combine(path, "inside"), "x");
                    break;
                case 2:
                    File.CreateSymbolicLink(path, "to 7");
                    break;
            }
        }
    }
}
