using Holdfast.Core.Engine;
using Holdfast.Core.Model;
using Holdfast.Core.Sources.Rules;
using Holdfast.Mirror.Tests.Scenes;

namespace Holdfast.Mirror.Tests;

/// <summary>Promise 7: a run that would remove too much stops before it touched anything.</summary>
public sealed class BrakeTests : IDisposable
{
    private readonly Scene _scene = new(Files.Memory);

    public void Dispose() => _scene.Dispose();

    [Theory]
    [InlineData(400, 100, true)] // exactly 25 %
    [InlineData(399, 100, false)]
    [InlineData(150, 99, true)] // fewer than 100 files
    [InlineData(150, 100, false)]
    [InlineData(1000, 250, true)]
    [InlineData(1000, 251, false)]
    public async Task TheBrakeHoldsAboveAQuarterAndAHundredFiles(int files, int removed, bool goes)
    {
        for (var i = 0; i < files; i++)
            _scene.Write($"{i % 10}/{i}", $"{i}");
        await _scene.BackupAsync();
        for (var i = 0; i < removed; i++)
            File.Delete(_scene.InSource($"{i % 10}/{i}"));
        _scene.Write("new", "new");

        var report = await _scene.TryBackupAsync();

        (report.Targets[0].Failure is null).ShouldBe(goes);
        File.Exists(_scene.InMirror("0/0")).ShouldBe(!goes);
        File.Exists(_scene.InMirror("new")).ShouldBe(goes, "nothing at all was changed");
        if (!goes)
            report.Targets[0].Failure!.Message.ShouldContain($"{removed:N0} of {files:N0} files would be removed");
        await _scene.BackupAsync(new BackupOptions { AllowDeletions = true });
        _scene.MirrorShouldBeTheSource();
    }

    [Fact]
    public async Task AnEmptySourceStopsTheRunHoweverFewTheFiles()
    {
        _scene.Write("only", "x");
        await _scene.BackupAsync();
        File.Delete(_scene.InSource("only"));
        Directory.CreateDirectory(_scene.InSource("folder"));

        var report = await _scene.TryBackupAsync();

        report.Targets[0].Failure.ShouldBeOfType<HoldfastException>().Message.ShouldContain("--allow-deletions");
        File.Exists(_scene.InMirror("only")).ShouldBeTrue();
    }

    [Fact]
    public async Task FilesReplacedWithoutHistoryCount()
    {
        var options = new BackupOptions { Rules = new ScanRules { Include = Rules("*") } };
        for (var i = 0; i < 120; i++)
            _scene.Write($"{i}", "before");
        await _scene.BackupAsync(options);
        for (var i = 0; i < 120; i++)
            _scene.Write($"{i}", "encrypted by somebody");

        var report = await _scene.TryBackupAsync(options);

        report.Targets[0].Failure.ShouldBeOfType<HoldfastException>().Message.ShouldContain("replaced without history");
        File.ReadAllText(_scene.InMirror("7")).ShouldBe("before");
    }

    [Fact]
    public async Task FilesReplacedWithHistoryDoNotStopTheRun()
    {
        for (var i = 0; i < 120; i++)
            _scene.Write($"{i}", "before");
        await _scene.BackupAsync();
        for (var i = 0; i < 120; i++)
            _scene.Write($"{i}", "after that");

        await _scene.BackupAsync();

        _scene.MirrorShouldBeTheSource();
    }

    [Fact]
    public async Task NewlyExcludedFilesCountAsRemoved()
    {
        for (var i = 0; i < 120; i++)
            _scene.Write($"{i}", "x");
        _scene.Write("stays", "x");
        await _scene.BackupAsync();

        var report = await _scene.TryBackupAsync(new BackupOptions { Rules = new ScanRules { Exclude = Rules("[0-9]*") } });

        report.Targets[0].Failure.ShouldBeOfType<HoldfastException>();
    }

    private static RuleList Rules(params string[] lines) => RuleList.Parse(lines.Select(line => new RuleText(line)));
}
