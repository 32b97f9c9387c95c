using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Testing.Faults;
using Holdfast.Testing.Machines;
using Holdfast.Testing.PowerLoss;
using Holdfast.Testing.Restricted;

namespace Holdfast.Core.Tests.Faults;

public sealed class FaultyFolderTests : IDisposable
{
    private readonly TemporaryFolder _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void ARuleFailsTheCallsItNamesAndNoOthers()
    {
        var plan = new FaultPlan().Fail(new FaultRule { Operation = FolderOperation.CreateFile, Path = p => p.IsUnder(EntryPath.From("sub")), From = 2, Times = 1, Error = Errno.NoSpace });
        using var folder = plan.Open(_temporary.Path);
        folder.CreateFolder(EntryPath.From("sub"), 0x1ed);
        using var sub = folder.OpenFolder(EntryPath.From("sub"));

        Create(folder, "outside");
        Create(sub, "1");
        Should.Throw<FileSystemException>(() => Create(sub, "2")).IsNoSpace.ShouldBeTrue();
        Create(sub, "2");

        Directory.GetFiles(_temporary["sub"]).Length.ShouldBe(2);
    }

    [Fact]
    public void AnOperationMayFailAfterItTookEffect()
    {
        var plan = new FaultPlan().Fail(new FaultRule { Operation = FolderOperation.Rename, Error = Errno.InputOutput, AfterTheEffect = true });
        using var folder = plan.Open(_temporary.Path);
        Create(folder, "a");

        Should.Throw<FileSystemException>(() => folder.Rename(EntryPath.From("a"), folder, EntryPath.From("b"), replace: false)).Error.ShouldBe(Errno.InputOutput);

        File.Exists(_temporary["b"]).ShouldBeTrue();
    }

    [Fact]
    public void EachMutationCanBeTheLastAndNothingTakesEffectAfterIt()
    {
        var whole = new FaultPlan();
        Run(whole, "whole");
        whole.Mutations.ShouldBe(6);

        for (var n = 1; n <= whole.Mutations; n++)
        {
            var plan = new FaultPlan().CrashAt(n);
            Should.Throw<CrashException>(() => Run(plan, $"crash {n}"));
            plan.HasCrashed.ShouldBeTrue();

            var folder = _temporary[$"crash {n}"];
            File.Exists(Path.Combine(folder, "lock")).ShouldBe(n > 1);
            File.Exists(Path.Combine(folder, "a.tmp")).ShouldBe(n is > 2 and <= 5);
            (File.Exists(Path.Combine(folder, "a.tmp")) ? new FileInfo(Path.Combine(folder, "a.tmp")).Length : 0).ShouldBe(n is > 3 and <= 5 ? 3 : 0);
            File.Exists(Path.Combine(folder, "a")).ShouldBe(n > 5);
            // The dead hold no locks.
            using var survivor = LocalFolders.Open(folder);
            using var held = survivor.TryLock(EntryPath.From("lock"), "survivor");
            held.ShouldNotBeNull();
        }
    }

    [Fact]
    public void AfterACrashEvenReadingThrows()
    {
        _temporary.File("file", "text");
        var plan = new FaultPlan().CrashAt(1);
        using var folder = plan.Open(_temporary.Path);
        using var reader = folder.OpenFile(EntryPath.From("file"));

        Should.Throw<CrashException>(() => folder.Remove(EntryPath.From("file")));

        Should.Throw<CrashException>(() => folder.List());
        Should.Throw<CrashException>(() => reader.Read(0, new byte[4]));
        File.Exists(_temporary["file"]).ShouldBeTrue();
        plan.Heal();
        reader.Read(0, new byte[4]).ShouldBe(4);
    }

    [Fact]
    public void ReadingFailsEndsEarlyOrFindsTheFileChanged()
    {
        _temporary.File("bad", "bad");
        _temporary.File("short", "a longer text");
        _temporary.File("edited", "before");
        var plan = new FaultPlan()
            .Fail(FolderOperation.Read, Errno.InputOutput, p => p == EntryPath.From("bad"))
            .EndReadsAt(p => p == EntryPath.From("short"), 4)
            .OnRead(p => p == EntryPath.From("edited"), 2, () => File.WriteAllText(_temporary["edited"], "AFTER!"));
        using var folder = plan.Open(_temporary.Path);

        using (var bad = folder.OpenFile(EntryPath.From("bad")))
            Should.Throw<FileSystemException>(() => bad.Read(0, new byte[3])).Error.ShouldBe(Errno.InputOutput);
        using (var cut = folder.OpenFile(EntryPath.From("short")))
        {
            cut.Read(0, new byte[100]).ShouldBe(4);
            cut.Read(4, new byte[100]).ShouldBe(0);
            cut.Stat().Size.ShouldBe(13);
        }
        using var edited = folder.OpenFile(EntryPath.From("edited"));
        var buffer = new byte[3];
        edited.Read(0, buffer);
        buffer.ShouldBe("bef"u8.ToArray());
        edited.Read(3, buffer);
        buffer.ShouldBe("ER!"u8.ToArray());
    }

    [Fact]
    public void FaultsCanBePutAroundARecordingAroundAnOddPlace()
    {
        _temporary.Folder("disk");
        var recording = new Recording(_temporary["disk"]);
        var plan = new FaultPlan();
        using var folder = plan.Around(new RestrictedFolder(recording.Open(_temporary["disk"]), new Restrictions { NoOwners = true }));
        folder.CreateFolder(EntryPath.From("sub"), 0x1ed);
        using var sub = folder.OpenFolder(EntryPath.From("sub"));
        Create(folder, "a");
        folder.Rename(EntryPath.From("a"), sub, EntryPath.From("b"), replace: false);
        sub.Link(EntryPath.From("b"), folder, EntryPath.From("c"));
        plan.CrashAt(plan.Mutations + 1);

        Should.Throw<CrashException>(() => folder.Remove(EntryPath.From("c")));

        recording.Log.Operations.Select(o => o.GetType().Name).ShouldBe(["Create", "Create", "Rename", "Link"]);
        var replayer = new PowerLossReplayer(recording.Log);
        replayer.After(replayer.Count, PowerLossPolicy.AllKept).Paths().Select(p => p.Path.ToString()).ShouldBe(["c", "sub", "sub/b"]);
    }

    private void Run(FaultPlan plan, string name)
    {
        _temporary.Folder(name);
        using var folder = plan.Open(_temporary[name]);
        using var held = folder.TryLock(EntryPath.From("lock"), "run");
        using (var writer = folder.CreateFile(EntryPath.From("a.tmp"), 0x1a4))
            writer.Write(0, "abc"u8);
        folder.Barrier();
        folder.Rename(EntryPath.From("a.tmp"), folder, EntryPath.From("a"), replace: false);
        folder.SyncFolder(EntryPath.Root);
    }

    private static void Create(IFolder folder, string name) => folder.CreateFile(EntryPath.From(name), 0x1a4).Dispose();
}
