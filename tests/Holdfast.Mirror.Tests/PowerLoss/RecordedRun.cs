using System.Collections.Concurrent;
using Holdfast.Core.Engine;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Sources.Rules;
using Holdfast.Mirror.Tests.Model;
using Holdfast.Mirror.Tests.Scenes;
using Holdfast.Testing.Machines;
using Holdfast.Testing.PowerLoss;
using Holdfast.Testing.Restricted;
using Holdfast.Testing.Trees;

namespace Holdfast.Mirror.Tests.PowerLoss;

/// <summary>Runs of one scene, of which the last is recorded; and what must hold wherever the power goes in it.</summary>
internal sealed class RecordedRun : IDisposable
{
    private readonly TemporaryFolder _disk = new(Files.Memory);
    private readonly Scene _scene;
    private readonly List<(TreeImage Tree, Func<string, bool> Tracked)> _committed = [];
    private TreeImage _after = new();
    private Recording? _recording;
    private bool _adds;

    private readonly Restrictions? _limits;

    /// <param name="limits">What the disk lacks.</param>
    public RecordedRun(Restrictions? limits = null)
    {
        _limits = limits;
        _scene = new Scene(Files.Memory, _disk.Folder("place")) { OpenPlace = path => Limited(LocalFolders.Open(path)) };
    }

    public Scene Scene => _scene;

    public ScanRules Rules { get; set; } = ScanRules.Everything;

    public Func<string, bool> IsTracked { get; set; } = _ => true;

    public int Cases { get; private set; }

    private BackupOptions Options => new() { AllowDeletions = true, Rules = Rules, Workers = 1 };

    /// <summary>A run that is over and durable before the one that is recorded.</summary>
    public async Task BeforeAsync()
    {
        await _scene.BackupAsync(Options);
        _committed.Add((TreeImage.Of(_scene.Source), IsTracked));
    }

    /// <summary>The run in which the power may go.</summary>
    public async Task RecordAsync(bool withBarriers = true)
    {
        if (Directory.Exists(_scene.State))
            Command.Must("cp", "-a", _scene.State, StateBefore);
        _recording = new Recording(_disk.Path);
        _scene.OpenPlace = path => Limited(withBarriers ? _recording.Open(path) : new BarrierlessFolder(_recording.Open(path)));
        _after = TreeImage.Of(_scene.Source);
        _adds = (await _scene.BackupAsync(Options)).Targets[0].Snapshot is not null;
        _recording.Log.Mark("done");
    }

    /// <summary>Lets the power go everywhere; returns what did not hold.</summary>
    public async Task<IReadOnlyList<string>> ViolationsAsync(int seed, int randomPerCut = 2, int every = 1)
    {
        var found = new ConcurrentQueue<string>();
        var cases = new PowerLossReplayer(_recording!.Log).Cases(seed, randomPerCut, every);
        await Parallel.ForEachAsync(cases.Index(), new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, async (at, _) =>
        {
            Cases = Math.Max(Cases, at.Index + 1);
            try
            {
                await CheckAsync(at.Item, withRsync: at.Index % 100 == 0);
            }
            catch (Exception e)
            {
                found.Enqueue($"{at.Item}: {e.Message}");
            }
        });
        return [.. found];
    }

    public void Dispose()
    {
        _scene.Dispose();
        _disk.Dispose();
    }

    private IFolder Limited(IFolder folder) => _limits is null ? folder : new RestrictedFolder(folder, _limits);

    private string StateBefore => _scene.State + ".before";

    private async Task CheckAsync(PowerLossCase lost, bool withRsync)
    {
        using var disk = new TemporaryFolder(Files.Memory);
        lost.Image.WriteTo(disk.Folder("disk"));
        var isOver = lost.Promises.Contains("done");
        using var scene = new Scene(Files.Memory, disk["disk/place"]) { Sources = _scene.Sources, Clock = _scene.Clock, OpenPlace = path => Limited(LocalFolders.Open(path)) };
        var state = isOver ? _scene.State : StateBefore;
        if (Directory.Exists(state))
            Command.Must("cp", "-a", state, scene.State);

        CheckSnapshots(scene, isOver);
        await scene.BackupAsync(Options);

        _after.Differences(TreeImage.Of(scene.Mirror), links: _limits is null).ShouldBeEmpty("the mirror after the next run");
        if (withRsync && _limits is null)
            Rsync.Differences(_scene.Source, scene.Mirror).ShouldBeEmpty();
        using var snapshots = scene.Open();
        _after.Differences(TreeImage.Of(snapshots, snapshots.Snapshots[^1])).ShouldBeEmpty("the newest snapshot after the next run");
        snapshots.CheckStructure(CancellationToken.None).Select(f => $"{f.Path}: {f.Problem}").ShouldBeEmpty("after the next run");
    }

    private void CheckSnapshots(Scene scene, bool isOver)
    {
        if (_committed.Count == 0 && !isOver && !File.Exists(Path.Combine(scene.Place, ".holdfast/place.json")))
            return;
        using var snapshots = scene.Open();
        var count = snapshots.Snapshots.Count;
        var most = _committed.Count + (_adds ? 1 : 0);
        count.ShouldBeInRange(isOver ? most : _committed.Count, most);
        for (var i = 0; i < count; i++)
        {
            var (tree, tracked) = i < _committed.Count ? _committed[i] : (_after, IsTracked);
            var listed = i == count - 1 ? tree : tree.Where(tracked);
            listed.Differences(TreeImage.Of(snapshots, snapshots.Snapshots[i])).ShouldBeEmpty($"snapshot {i + 1} of {count}");
        }
        snapshots.CheckStructure(CancellationToken.None)
            .Where(f => !f.Path.StartsWith(scene.Mirror, StringComparison.Ordinal))
            .Select(f => $"{f.Path}: {f.Problem}")
            .ShouldBeEmpty();
    }
}
