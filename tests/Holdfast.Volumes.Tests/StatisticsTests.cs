using Holdfast.Core.Engine;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Sources.Rules;
using Holdfast.Testing.Faults;
using Holdfast.Volumes.Tests.Scenes;

namespace Holdfast.Volumes.Tests;

/// <summary>What a run says of itself: every figure is there, and counts what it says.</summary>
public sealed class StatisticsTests : IDisposable
{
    private readonly Scene _scene = new("/dev/shm");

    public StatisticsTests() => _scene.Options = _scene.Options with { Split = 2 };

    public void Dispose() => _scene.Dispose();

    [Fact]
    public async Task ARunSaysWhatItDidWithEveryFile()
    {
        foreach (var name in (string[])[.. Enumerable.Range(0, 20).Select(i => $"same {i}"), "changes", "goes", "old.tmp", "flagged/.nobackup", "flagged/below", "locked/file", "secret"])
            Write(name);
        await _scene.GoodBackupAsync();
        Write("changes", "otherwise");
        Write("is new");
        Write("just now", age: TimeSpan.FromMinutes(-23 * 60 - 59));
        File.Delete(Path.Combine(_scene.Source, "goes"));
        // A file and a folder that permissions keep from being read.
        Write("secret", "unreadable");
        var faults = new FaultPlan()
            .Fail(FolderOperation.OpenFile, Errno.AccessDenied, path => path.ToString() == "secret")
            .Fail(FolderOperation.List, Errno.AccessDenied, path => path.ToString() == "locked");
        _scene.OpenSource = path => faults.Around(LocalFolders.Open(path));

        var report = await _scene.BackupAsync(new BackupOptions
        {
            AllowDeletions = true,
            Rules = new ScanRules { Exclude = RuleList.Parse([new RuleText("regex:\\.tmp$")]), ExcludeIfPresent = [".nobackup"], MinAge = TimeSpan.FromMinutes(5) },
        });

        var figures = report.Targets[0].Figures.ToLookup(f => f.Key, f => f.Value);
        string Figure(string name) => figures[name].ShouldHaveSingleItem(name);
        Figure("backed up").ShouldStartWith(Number(Leading(Figure("incremental")) + Leading(Figure("cyclic"))));
        Figure("backed up").ShouldEndWith(" bytes)");
        // "changes" and "is new", and the root folder, whose time is another now.
        Figure("incremental").ShouldStartWith("3 (");
        Figure("incremental").ShouldEndWith(" s");
        // Half of what is alive, at least.
        Leading(Figure("cyclic")).ShouldBeGreaterThan(0);
        Leading(Figure("same")).ShouldBeGreaterThan(0);
        Figure("gone").ShouldBe("1");
        Figure("too recent").ShouldBe("1");
        Figure("excluded").ShouldBe("1 by pattern, 1 by flag file, 0 on other file systems");
        Figure("permission").ShouldBe("2 denied");
        Figure("removable").ShouldBe("0");
        Figure("volume").ShouldEndWith(" bytes)");
        Figure("read back").ShouldEndWith(" s");
        Figure("closing").ShouldContain(" s ");
    }

    private static long Leading(string figure) => long.Parse(figure.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);

    private static string Number(long number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture) + " (";

    /// <summary>Writes a file that is so old when the next run looks at it.</summary>
    private void Write(string name, string contents = "contents", TimeSpan? age = null)
    {
        var file = Path.Combine(_scene.Source, name);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, contents);
        File.SetLastWriteTimeUtc(file, (_scene.Clock - (age ?? TimeSpan.FromDays(1))).UtcDateTime);
    }
}
