using Holdfast.Core.Engine;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Sources.Rules;
using Holdfast.Core.Targets;
using Holdfast.Mirror.Tests.Scenes;
using Holdfast.Testing.Faults;
using Holdfast.Testing.Machines;

namespace Holdfast.Mirror.Tests.Verifying;

/// <summary>Which contents are read back, in which order, and what the place remembers of it.</summary>
public sealed class VerifyTests : IDisposable
{
    private readonly Scene _scene = new(Files.Memory);
    private readonly HandClock _clock = new();

    public void Dispose() => _scene.Dispose();

    [Fact]
    public async Task TheOldestAreReadFirstAndAShareOfThemEachTimeReachesAll()
    {
        for (var i = 0; i < 40; i++)
            _scene.Write($"{i:D2}", new string((char)('a' + (i % 26)), 1000));
        await _scene.BackupAsync();
        State().NeverFiles.ShouldBe(40);

        for (var round = 1; round <= 4; round++)
        {
            (await VerifyAsync(share: 0.25)).FilesDone.ShouldBeInRange(10, 11);
            State().NeverFiles.ShouldBeInRange(40 - (round * 11), 40 - (round * 10));
            _clock.Now += TimeSpan.FromDays(1);
        }
        await VerifyAsync(share: 0.25);

        State().NeverFiles.ShouldBe(0);
        State().Oldest.ShouldNotBeNull();
        await VerifyAsync();
        State().Oldest.ShouldBe(_clock.GetUtcNow());
    }

    [Fact]
    public async Task WhatIsNewOrReplacedAfterwardsCountsAsNeverRead()
    {
        _scene.Write("a", "first");
        _scene.Write("b", "stays");
        await _scene.BackupAsync();
        await VerifyAsync();
        State().NeverFiles.ShouldBe(0);

        _scene.Write("a", "second");
        await _scene.BackupAsync();

        State().ShouldBe(new VerificationState(Files: 3, Bytes: 16, NeverFiles: 1, NeverBytes: 6, _clock.GetUtcNow()));
    }

    [Fact]
    public async Task ADamagedContentIsNamedEachTimeAndNeverCountsAsRead()
    {
        foreach (var name in new[] { "a", "b", "c" })
            _scene.Write(name, $"contents of {name}");
        await _scene.BackupAsync();
        Flip("b");

        for (var i = 0; i < 2; i++)
        {
            var found = new List<CheckFinding>();
            await VerifyAsync(found: found.Add);
            found.Single().Path.ShouldEndWith("/track/b");
            State().NeverFiles.ShouldBe(1);
        }
        var first = new List<CheckFinding>();
        await VerifyAsync(share: 0.3, found: first.Add);
        first.Count.ShouldBe(1, "what was never right is read before everything else");
    }

    [Fact]
    public async Task WhatSnapshotsHaveOfOldIsReadTooAndEachFileOnce()
    {
        _scene.Write("a", "version 1");
        Files.Link(_scene.InSource("a"), _scene.InSource("linked"));
        await _scene.BackupAsync();
        _scene.Write("a", "version two");
        await _scene.BackupAsync();
        File.Delete(_scene.InSource("a"));
        await _scene.BackupAsync();

        var counters = await VerifyAsync();

        counters.BytesDone.ShouldBe("version 1".Length + "version two".Length);
        counters.FilesDone.ShouldBe(5, "two names twice, and the one that is alone at last");
        Flip(Directory.EnumerateFiles(_scene.Place, "a", SearchOption.AllDirectories).First(f => File.ReadAllText(f) == "version two"));
        var found = new List<CheckFinding>();
        await VerifyAsync(found: found.Add);
        found.Select(f => f.Advice).ShouldContain(advice => advice.Contains("until before 000003-", StringComparison.Ordinal));
        found.Count.ShouldBe(3, "all names of one file");
    }

    [Fact]
    public async Task NamesOfOneFileThatAreCheckedAtTheSameTimeAreReadOnce()
    {
        var contents = new string('x', 4 << 20);
        _scene.Write("a", contents);
        Files.Link(_scene.InSource("a"), _scene.InSource("b"));
        Files.Link(_scene.InSource("a"), _scene.InSource("c"));
        await _scene.BackupAsync();

        var counters = await VerifyAsync();

        counters.FilesDone.ShouldBe(3);
        counters.BytesDone.ShouldBe(contents.Length);
    }

    [Fact]
    public async Task UntrackedFilesAreReadInTheMirror()
    {
        _scene.Write("plain", "included only");
        await _scene.BackupAsync(new BackupOptions { Rules = new ScanRules { Include = RuleList.Parse([new RuleText("*")]) } });

        (await VerifyAsync()).FilesDone.ShouldBe(1);
        Flip("plain");
        var found = new List<CheckFinding>();
        await VerifyAsync(found: found.Add);
        found.Single().Path.ShouldEndWith("/mirror/plain");
    }

    [Fact]
    public async Task AfterForgettingNothingPassesForReadThatWasNot()
    {
        _scene.Write("a", "first");
        _scene.Write("z", "z");
        await _scene.BackupAsync();
        _scene.Write("m", "second snapshot");
        await _scene.BackupAsync();
        await VerifyAsync();
        Flip("m");
        _scene.Write("b", "third");
        await _scene.BackupAsync();

        await _scene.Target.ForgetAsync(all => [all[0], all[1]], "test", TimeSpan.Zero, CancellationToken.None);

        // The merged increment has all of a, b, m, z; of b nothing is known.
        State().NeverFiles.ShouldBe(1);
        var found = new List<CheckFinding>();
        await VerifyAsync(found: found.Add);
        found.Single().Path.ShouldEndWith("/track/m");
    }

    [Fact]
    public async Task WithoutTimeNothingIsBegunAndACancelledCheckKeepsWhatItHas()
    {
        for (var i = 0; i < 50; i++)
            _scene.Write($"{i:D2}", $"contents {i}");
        await _scene.BackupAsync();

        (await VerifyAsync(maxTime: TimeSpan.Zero)).FilesDone.ShouldBe(0);

        using var stop = new CancellationTokenSource();
        var plan = new FaultPlan().OnRead(path => path.ToString().Contains("/track/", StringComparison.Ordinal), 20, stop.Cancel);
        await Should.ThrowAsync<OperationCanceledException>(() => new MirrorTarget(_scene.Place, plan.Open).VerifyAsync(Options(1, null), _ => { }, new VerifyCounters(), stop.Token));
        State().NeverFiles.ShouldBeInRange(10, 45);
    }

    [Fact]
    public async Task LinesThatMeanNothingAreUnknownAndNotGood()
    {
        _scene.Write("a", "a");
        await _scene.BackupAsync();
        await VerifyAsync();
        var file = Path.Combine(_scene.Place, ".holdfast/verified.jsonl");
        var line = File.ReadAllText(file);

        File.WriteAllText(file, line[..(line.Length / 2)]);
        State().NeverFiles.ShouldBe(1);
        File.WriteAllText(file, "{}\nnonsense\n" + line);
        State().NeverFiles.ShouldBe(0);
        File.WriteAllText(file, line.Replace("\"record\":\"", "\"record\":\"00", StringComparison.Ordinal));
        State().NeverFiles.ShouldBe(1);
    }

    private VerificationState State()
    {
        using var snapshots = _scene.Open();
        return ((IVerified)snapshots).Verification(CancellationToken.None);
    }

    private async Task<VerifyCounters> VerifyAsync(double share = 1, TimeSpan? maxTime = null, Action<CheckFinding>? found = null)
    {
        var counters = new VerifyCounters();
        (await _scene.Target.VerifyAsync(Options(share, maxTime), found ?? (f => throw new InvalidOperationException(f.ToString())), counters, CancellationToken.None)).ShouldBeEmpty();
        return counters;
    }

    private VerifyOptions Options(double share, TimeSpan? maxTime) => new() { Share = share, MaxTime = maxTime, Purpose = "test", Time = _clock, Workers = 2 };

    private void Flip(string name) => Damage.Flip(Path.IsPathRooted(name) ? name : Path.Combine(_scene.Place, "mirror", name), 0);
}
