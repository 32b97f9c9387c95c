using Holdfast.Core.FileSystem;
using Holdfast.Core.Targets;
using Holdfast.Mirror.Tests.Model;
using Holdfast.Testing.Faults;
using Holdfast.Testing.Machines;

namespace Holdfast.Mirror.Tests.Soak;

/// <summary>One of the disks of a job: a file system of its own with a mirror, and what each of its snapshots must be.</summary>
internal sealed class RotatingDisk(string fileSystem) : IDisposable
{
    // What exFAT takes in no name.
    private static readonly char[] NeverInNames = ['"', '\n', '*', ':', '<', '>', '?', '\\', '|'];

    private readonly LoopMount _disk = new(fileSystem, under: Scenes.Files.Memory);
    private readonly Dictionary<long, TreeImage> _past = [];
    private long _newest;

    public bool HoldsEverything => fileSystem != "exfat";

    public string Place => Path.Combine(_disk.Path, "place");

    public bool IsPlugged => _disk.IsMounted;

    /// <summary>True when the disk takes all names of a path.</summary>
    public bool CanName(string path) => HoldsEverything || Unescaped(path).IndexOfAny(NeverInNames) < 0;

    public int Snapshots => _past.Count;

    public MirrorTarget Target(FaultPlan? faults = null) => new(Place, faults is null ? LocalFolders.Open : faults.Open);

    /// <summary>Plugs it in or pulls it out.</summary>
    public void Plug(bool plugged)
    {
        if (plugged && !IsPlugged)
            _disk.Mount();
        else if (!plugged && IsPlugged)
            _disk.Unmount();
    }

    /// <summary>The process that wrote to it is dead.</summary>
    public void CloseAll() => OpenFiles.CloseUnder(_disk.Path);

    /// <summary>A run has ended, somehow: it committed what the source is now, or nothing.</summary>
    /// <returns>True when there is a new snapshot.</returns>
    public bool Learn(TreeImage now)
    {
        using var snapshots = Target().OpenSnapshots();
        var added = snapshots.Snapshots.Where(s => s.Number > _newest).ToList();
        added.Count.ShouldBeLessThanOrEqualTo(1);
        foreach (var snapshot in added)
            _past[_newest = snapshot.Number] = Held(now);
        Check(snapshots, snapshots.Snapshots[^1]);
        snapshots.Snapshots.Select(s => s.Number).ShouldBe(_past.Keys.Order());
        return added.Count > 0;
    }

    /// <summary>A run without any trouble has ended: the newest snapshot is the source.</summary>
    public void RequireNewest(TreeImage now) => Held(now).Differences(_past[_newest], links: HoldsEverything).ShouldBeEmpty("the newest snapshot");

    /// <summary>Forgets snapshots; a crash may cut it off.</summary>
    /// <returns>How many are gone.</returns>
    public async Task<int> ForgetAsync(Func<Snapshot, bool> goes, FaultPlan? faults)
    {
        var chosen = new List<long>();
        try
        {
            await Target(faults).ForgetAsync(
                all =>
                {
                    var gone = all.SkipLast(1).Where(goes).ToList();
                    chosen.AddRange(gone.Select(s => s.Number));
                    return gone;
                },
                "soak",
                TimeSpan.Zero,
                TestContext.Current.CancellationToken);
        }
        catch (Exception e) when (faults is { HasCrashed: true } && e is not ShouldAssertException)
        {
            CloseAll(); // Each of those that were chosen is gone or is not.
        }
        using var snapshots = Target().OpenSnapshots();
        var left = snapshots.Snapshots.Select(s => s.Number).ToHashSet();
        var lost = _past.Keys.Where(n => !left.Contains(n)).ToList();
        lost.Except(chosen).ShouldBeEmpty("only what was chosen may be gone");
        lost.ForEach(n => _past.Remove(n));
        return lost.Count;
    }

    /// <summary>Every snapshot against the model, and the structure of the place.</summary>
    public void CheckAll(bool structureToo)
    {
        using var snapshots = Target().OpenSnapshots();
        snapshots.Snapshots.Select(s => s.Number).ShouldBe(_past.Keys.Order());
        foreach (var snapshot in snapshots.Snapshots)
            Check(snapshots, snapshot);
        if (structureToo)
            snapshots.CheckStructure(TestContext.Current.CancellationToken).Select(f => $"{f.Path}: {f.Problem}").ShouldBeEmpty();
    }

    /// <summary>Everything is read back.</summary>
    public async Task<long> VerifyAsync()
    {
        var found = new List<string>();
        var counters = new VerifyCounters();
        await Target().VerifyAsync(new VerifyOptions { Purpose = "soak" }, f => found.Add($"{f.Path}: {f.Problem}"), counters, TestContext.Current.CancellationToken);
        found.ShouldBeEmpty();
        return counters.FilesDone;
    }

    public void Dispose() => _disk.Dispose();

    private void Check(ISnapshots snapshots, Snapshot snapshot) =>
        _past[snapshot.Number].Differences(TreeImage.Of(snapshots, snapshot), links: HoldsEverything).ShouldBeEmpty($"{Place}, snapshot {snapshot.Id}");

    private TreeImage Held(TreeImage now) => HoldsEverything ? now : now.Where(CanName);

    /// <summary>A path of a <see cref="TreeImage"/> as the file system has it.</summary>
    public static string Unescaped(string path) => path.Replace("\\x0A", "\n", StringComparison.Ordinal);
}
