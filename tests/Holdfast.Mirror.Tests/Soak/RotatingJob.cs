using System.Globalization;
using Holdfast.Core.Engine;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Sources;
using Holdfast.Core.Targets;
using Holdfast.Mirror.Tests.Model;
using Holdfast.Mirror.Tests.Scenes;
using Holdfast.Testing.Faults;
using Holdfast.Testing.Machines;

namespace Holdfast.Mirror.Tests.Soak;

/// <summary>A source that people work in, and its two disks.</summary>
internal sealed class RotatingJob : IDisposable
{
    private readonly TemporaryFolder _folder = new(Files.Memory);
    private readonly Random _random;
    private readonly RandomSource _source;
    private readonly RotatingDisk[] _disks;
    private DateTimeOffset _clock = new(2026, 11, 20, 2, 0, 0, TimeSpan.Zero);
    private int _commits, _changes, _away;
    private long _readBack;

    public RotatingJob(string fileSystem, Random random)
    {
        _random = random;
        _source = new RandomSource(_folder.Folder("source"), random);
        _disks = [new RotatingDisk(fileSystem), new RotatingDisk(fileSystem)];
    }

    public int Crashes { get; private set; }

    public int Forgotten { get; private set; }

    /// <summary>What happened, for the output.</summary>
    public string Figures => string.Create(CultureInfo.InvariantCulture,
        $"{_changes} changes, {_commits} snapshots, {Crashes} crashes, {Forgotten} forgotten, {_away} times a disk was away; {string.Join(" and ", _disks.Select(d => d.Snapshots))} snapshots left, {_readBack} contents read back");

    /// <summary>People work, disks change, and a run is made, or is cut off.</summary>
    public async Task StepAsync(int run)
    {
        Edit(run == 1 ? 30 : _random.Next(0, 8));
        // The first run makes both places; a run that is cut off then is the matter of other tests.
        var present = run == 1 ? _disks : [.. _disks.Where(_ => _random.Next(4) != 0)];
        foreach (var disk in _disks)
            disk.Plug(present.Contains(disk));
        _away += _disks.Length - present.Length;
        _clock += _random.Next(20) == 0 ? TimeSpan.FromDays(_random.Next(-300, 300)) : TimeSpan.FromHours(_random.Next(1, 40));
        if (_random.Next(15) == 0 && Directory.Exists(_folder["state"]))
            Directory.Delete(_folder["state"], recursive: true);

        await BackUpAsync(present, crashes: run > 1 && _random.Next(4) == 0);
        foreach (var disk in present)
            if (_random.Next(6) == 0)
                await ForgetAsync(disk);
        if (run % 10 == 0)
            foreach (var disk in present)
                disk.CheckAll(structureToo: false);
    }

    /// <summary>Both disks catch up; then everything is looked at and read back.</summary>
    public async Task EndAsync()
    {
        foreach (var disk in _disks)
            disk.Plug(plugged: true);
        await BackUpAsync(_disks, crashes: false);
        foreach (var disk in _disks)
        {
            disk.CheckAll(structureToo: true);
            _readBack += await disk.VerifyAsync();
        }
    }

    public void Dispose()
    {
        foreach (var disk in _disks)
            disk.Dispose();
        _folder.Dispose();
    }

    private async Task BackUpAsync(IReadOnlyList<RotatingDisk> present, bool crashes)
    {
        var now = TreeImage.Of(_folder["source"]);
        var faults = crashes ? new FaultPlan().CrashAt(_random.Next(1, 250)) : null;
        var report = await RunAsync(present, faults);
        Crashes += faults is { HasCrashed: true } ? 1 : 0;
        var crashed = faults is { HasCrashed: true };
        if (!crashed)
            (report?.Targets.Select(t => t.Failure?.ToString()).OfType<string>() ?? []).ShouldBeEmpty();
        foreach (var disk in present)
        {
            if (crashed)
                disk.CloseAll();
            _commits += disk.Learn(now) ? 1 : 0;
            if (!crashed)
                disk.RequireNewest(now);
        }
    }

    private async Task<RunReport?> RunAsync(IReadOnlyList<RotatingDisk> present, FaultPlan? faults)
    {
        if (present.Count == 0)
            return null;
        using var source = new FileTreeSource([_folder["source"]], LocalFolders.OpenForReading);
        var request = new RunRequest { Client = "here", Job = "soak", Sources = [_folder["source"]], StateFolder = _folder["state"], Time = _clock, IsAdHoc = true };
        try
        {
            return await new Backup(source, [.. present.Select(d => d.Target(faults))], TimeProvider.System)
                .RunAsync(request, new BackupOptions { AllowDeletions = true, Workers = _random.Next(1, 4) }, new RunCounters(), TestContext.Current.CancellationToken);
        }
        catch (Exception e) when (faults is { HasCrashed: true } && e is not ShouldAssertException)
        {
            return null;
        }
    }

    private async Task ForgetAsync(RotatingDisk disk)
    {
        var faults = _random.Next(3) == 0 ? new FaultPlan().CrashAt(_random.Next(1, 80)) : null;
        var (share, seed) = (_random.Next(1, 10), _random.Next());
        Forgotten += await disk.ForgetAsync(s => new Random(seed ^ (int)s.Number).Next(10) < share, faults);
        Crashes += faults is { HasCrashed: true } ? 1 : 0;
        disk.CheckAll(structureToo: false);
    }

    /// <summary>
    /// Where a disk cannot hold a name, two things follow an older state than the source's, as NotHeldTests says: the other names
    /// of a file whose first name it is, and a symlink, which needs no name there, until something that needs one takes its place.
    /// </summary>
    private void RemoveWhatKeepsAnOlderCopy()
    {
        var image = TreeImage.Of(_folder["source"]);
        foreach (var names in image.Names.Values)
            foreach (var name in names.SkipLast(1).TakeWhile(name => !_disks[0].CanName(name)))
                File.Delete(InSource(name));
        foreach (var path in image.Paths.Where(p => !_disks[0].CanName(p) && new FileInfo(InSource(p)).LinkTarget is not null))
            File.Delete(InSource(path));
    }

    private string InSource(string path) => Path.Combine(_folder["source"], RotatingDisk.Unescaped(path));

    private void Edit(int changes)
    {
        for (var i = 0; i < changes; i++)
            _source.Step();
        _changes += changes;
        // What only a ctime tells is found or not, as caches come and go; ModelTests knows when. Here everything shows.
        foreach (var names in TreeImage.Of(_folder["source"]).Names.Where(n => _source.Unseen.Contains(n.Key)))
            _source.Stamp(InSource(names.Value[0]));
        _source.Unseen.Clear();
        RemoveWhatKeepsAnOlderCopy();
    }
}
