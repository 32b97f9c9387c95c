using Holdfast.Core.Sources.Rules;
using Holdfast.Mirror.Tests.Scenes;
using Holdfast.Testing.Machines;
using Holdfast.Testing.Restricted;

namespace Holdfast.Mirror.Tests.PowerLoss;

/// <summary>Wherever the power goes: what was committed stays as it was, without repair, and the next run succeeds.</summary>
public class PowerLossTests : IDisposable
{
    private static readonly bool Soak = Environment.GetEnvironmentVariable("HOLDFAST_SOAK") is { Length: > 0 };

    private readonly RecordedRun _run;
    private readonly bool _hardLinks;

    public PowerLossTests()
        : this(null)
    {
    }

    private protected PowerLossTests(Restrictions? disk) => (_run, _hardLinks) = (new RecordedRun(disk), disk is null);

    public void Dispose()
    {
        _run.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task InAFirstRun()
    {
        Build();

        await ProveAsync(least: 100);
    }

    [Fact]
    public async Task InARunThatChangesEverything()
    {
        Build();
        await _run.BeforeAsync();
        Change();

        await ProveAsync(least: 100);
    }

    [Fact]
    public async Task InARunAfterOthers()
    {
        Build();
        await _run.BeforeAsync();
        Change();
        await _run.BeforeAsync();
        ChangeAgain();

        await ProveAsync(least: 100);
    }

    [Fact]
    public async Task InARunOfFilesWithoutHistory()
    {
        _run.Rules = new ScanRules { Include = RuleList.Parse([new RuleText("*")]), Track = RuleList.Parse([new RuleText("/folder"), new RuleText("/a")]) };
        _run.IsTracked = path => path is "." or "a" || path.Split('/')[0] == "folder";
        Build();
        await _run.BeforeAsync();
        Change();
        // Same size: only the right file has the right bytes.
        File.WriteAllText(At("plain"), "PLAIN");

        await ProveAsync(least: 100);
    }

    [Fact]
    public async Task InARunThatFollowsOneOfFilesWithoutHistoryThatWasCutOffAtItsEnd()
    {
        _run.Rules = new ScanRules { Include = RuleList.Parse([new RuleText("*")]) };
        _run.IsTracked = path => path == ".";
        _run.Rules = _run.Rules with { Track = RuleList.Parse([new RuleText("/nothing")]) };
        _run.Scene.Write("plain", "one");
        await _run.BeforeAsync();
        File.WriteAllText(At("plain"), "two");
        await _run.BeforeAsync();
        // As a crash leaves it that came after the commit and before the tidying up.
        Directory.CreateDirectory(Path.Combine(_run.Scene.Place, ".holdfast/undo/000001"));
        File.WriteAllText(Path.Combine(_run.Scene.Place, ".holdfast/undo/000001/plain"), "one");
        File.WriteAllText(At("plain"), "six");

        await ProveAsync(least: 30);
    }

    [Fact]
    public async Task InARunWithoutChanges()
    {
        Build();
        await _run.BeforeAsync();

        await ProveAsync(least: 1);
    }

    [Fact]
    public async Task InARunThatMendsTheMirror()
    {
        Build();
        await _run.BeforeAsync();
        var mirror = _run.Scene.Mirror;
        // Without hard links that is the only copy.
        if (_hardLinks)
        {
            File.Delete(Path.Combine(mirror, "plain"));
            Directory.Delete(Path.Combine(mirror, "folder"), recursive: true);
        }
        File.WriteAllText(Path.Combine(mirror, "foreign"), "put there by hand");
        File.SetUnixFileMode(Path.Combine(mirror, "a"), UnixFileMode.UserRead);

        await ProveAsync(least: 40);
    }

    [Fact]
    public async Task WithoutItsBarriersTheProofFails()
    {
        Build();
        await _run.BeforeAsync();
        Change();
        await _run.RecordAsync(withBarriers: false);

        (await _run.ViolationsAsync(RandomSeed.Next(), every: 3)).ShouldNotBeEmpty();
    }

    private async Task ProveAsync(int least)
    {
        var seed = RandomSeed.Next();
        await _run.RecordAsync();

        var violations = await _run.ViolationsAsync(seed, randomPerCut: Soak ? 24 : 6);

        TestContext.Current.TestOutputHelper?.WriteLine($"{_run.Cases} cases");
        violations.Take(5).ShouldBeEmpty($"{violations.Count} of {_run.Cases} cases");
        _run.Cases.ShouldBeGreaterThanOrEqualTo(least);
    }

    private string At(string name) => _run.Scene.InSource(name);

    private void Build()
    {
        _run.Scene.Write("a", "linked");
        Files.Link(At("a"), At("folder/b"));
        _run.Scene.Write("folder/deeper/file", "some contents");
        _run.Scene.Write("folder/goes", "x");
        _run.Scene.Write("old folder/one", "1");
        _run.Scene.Write("old folder/two", "22");
        _run.Scene.Write("plain", "plain");
        _run.Scene.Write("mode", "mode");
        _run.Scene.Write("to folder", "file");
        _run.Scene.Write("to file/inside", "inside");
        File.CreateSymbolicLink(At("link"), "plain");
        File.CreateSymbolicLink(At("to plain"), "a");
    }

    private void Change()
    {
        File.WriteAllText(At("plain"), "other contents");
        File.SetUnixFileMode(At("mode"), UnixFileMode.UserRead);
        File.SetUnixFileMode(At("folder/deeper"), UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.UserWrite);
        Directory.Move(At("old folder"), At("renamed folder"));
        File.Delete(At("folder/goes"));
        File.Delete(At("to folder"));
        _run.Scene.Write("to folder/new", "new");
        Directory.Delete(At("to file"), recursive: true);
        _run.Scene.Write("to file", "a file now");
        File.Delete(At("to plain"));
        _run.Scene.Write("to plain", "was a symlink");
        File.Delete(At("link"));
        File.CreateSymbolicLink(At("link"), "mode");
        Files.Link(At("mode"), At("folder/joined"));
        File.Delete(At("a"));
        File.CreateSymbolicLink(At("a"), "folder/b");
    }

    private void ChangeAgain()
    {
        File.WriteAllText(At("plain"), "third contents");
        Directory.Move(At("renamed folder"), At("old folder"));
        File.Delete(At("a"));
        Files.Link(At("folder/b"), At("a"));
        Directory.Delete(At("to folder"), recursive: true);
        _run.Scene.Write("to folder", "a file again");
    }
}

/// <summary>The same on a disk without hard links, where what is replaced moves into the increments.</summary>
public sealed class PowerLossWithoutHardLinksTests() : PowerLossTests(Restrictions.WithoutHardLinks);
