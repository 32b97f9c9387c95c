using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Library.Tests.Scenes;
using Holdfast.Testing.Faults;
using Holdfast.Testing.Machines;
using Holdfast.Testing.Trees;

namespace Holdfast.Library.Tests;

/// <summary>The process dies at each thing it does to the disk, one after the other.</summary>
public sealed class CrashTests
{
    [Fact]
    public async Task AfterACrashAnywhereNoFileIsPartialAndTheNextRunEndsWell()
    {
        var crashed = true;
        for (var at = 1; crashed; at++)
        {
            using var scene = new Scene("/dev/shm");
            scene.Write("a", "picture");
            scene.Write("gone later", "something");
            await scene.UploadAsync();
            Directory.CreateDirectory(scene.InLibrary("sorted"));
            File.Move(scene.InLibrary("a"), scene.InLibrary("sorted/a"));
            File.Delete(scene.InLibrary("gone later"));
            File.Delete(Path.Combine(scene.Source(), "gone later"));
            await using (var library = await scene.OpenAsync())
                library.SetRemembersDeleted(true);
            scene.Write("folder/b", "another");
            scene.Write("folder/c", "picture");
            scene.Write("d", "");
            var plan = new FaultPlan();
            plan.CrashAt(at);
            scene.OpenPlace = plan.Open;
            crashed = await DiesAsync(scene);
            scene.OpenPlace = LocalFolders.Open;

            scene.Files().Values.Except(["picture", "another", ""]).ShouldBeEmpty($"a partial file after a crash at mutation {at}");
            scene.Files().Values.ShouldContain("picture");
            await scene.UploadAsync();

            string.Join(",", scene.Files().Values.Order(StringComparer.Ordinal)).ShouldBe(",another,picture", $"after a crash at mutation {at}");
            var restored = await scene.RestoreAsync("phone", lost: 1);
            Rsync.Differences(scene.Source(), restored).ShouldBeEmpty($"after a crash at mutation {at}");
            Directory.GetFileSystemEntries(scene.InLibrary(".holdfast/incoming")).ShouldBeEmpty();
            await using var after = await scene.OpenAsync();
            after.Deleted().Count.ShouldBe(1, $"after a crash at mutation {at}");
        }
    }

    [Fact]
    public async Task AFullDiskEndsTheRunAndLeavesNothingHalfDone()
    {
        using var scene = new Scene();
        scene.Write("a", "picture");
        await scene.UploadAsync();
        scene.Write("b", "another");
        var plan = new FaultPlan();
        plan.Fail(new FaultRule { Operation = FolderOperation.Write, Error = Errno.NoSpace, Path = p => p.ToString().Contains("incoming") });
        scene.OpenPlace = plan.Open;

        var report = await scene.TryUploadAsync();

        report.Targets[0].Failure.ShouldNotBeNull().Message.ShouldContain("no space left");
        scene.OpenPlace = LocalFolders.Open;
        scene.Files().Keys.ShouldBe(["a"]);
        Directory.GetFileSystemEntries(scene.InLibrary(".holdfast/incoming")).ShouldBeEmpty();
        await scene.UploadAsync();
        scene.Files().Keys.ShouldBe(["a", "b"]);
    }

    [Fact]
    public async Task WhateverGotItsNameBeforeACrashIsKnownToWhomeverOpensTheLibraryNext()
    {
        for (var (at, crashed) = (1, true); crashed; at++)
        {
            using var scene = new Scene("/dev/shm");
            await scene.UploadAsync();
            var plan = new FaultPlan();
            scene.OpenPlace = plan.Open;
            crashed = await DiesAsync(() => KeepAsync(scene, plan, at, "one", "two", "three"));
            scene.OpenPlace = LocalFolders.Open;

            await using var library = await scene.OpenAsync();
            var lies = scene.Files().Values.ToList();
            var held = await library.AskAsync([.. lies.Select(t => ContentId.Parse(Scene.Hash(t)))], TestContext.Current.CancellationToken);

            held.ShouldAllBe(p => p.Kind == PresenceKind.Held, $"after a crash at mutation {at} they would be stored again");
            Directory.GetFileSystemEntries(scene.InLibrary(".holdfast/incoming")).ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task WhatGotItsNameBeforeACrashIsDurableBeforeAnybodyIsToldThatItIsThere()
    {
        using var scene = new Scene("/dev/shm");
        await scene.UploadAsync();
        // The first barrier is for the bytes, the second for the names.
        var plan = new FaultPlan().Fail(new FaultRule { Operation = FolderOperation.Barrier, Error = Errno.InputOutput, From = 2 });
        scene.OpenPlace = plan.Open;
        await Should.ThrowAsync<FileSystemException>(() => KeepAsync(scene, plan, crashAt: 1_000_000, "one", "two"));
        scene.Files().Count.ShouldBe(2);

        scene.OpenPlace = new FaultPlan().Fail(FolderOperation.Barrier, Errno.InputOutput).Open;

        (await Should.ThrowAsync<FileSystemException>(async () => await (await scene.OpenAsync()).DisposeAsync())).Error.ShouldBe(Errno.InputOutput);
    }

    [Fact]
    public async Task WhatGotItsNameBeforeACrashAndCannotBeReadKeepsNobodyOut()
    {
        using var scene = new Scene("/dev/shm");
        await scene.UploadAsync();
        scene.OpenPlace = new FaultPlan().Fail(new FaultRule { Operation = FolderOperation.Barrier, Error = Errno.InputOutput, From = 2 }).Open;
        await Should.ThrowAsync<FileSystemException>(() => KeepAsync(scene, new FaultPlan(), crashAt: 1_000_000, "one", "two"));

        scene.OpenPlace = new FaultPlan().Fail(FolderOperation.Read, Errno.InputOutput, path => path.ToString() == "one.jpg").Open;
        await using var library = await scene.OpenAsync();

        var held = await library.AskAsync([ContentId.Parse(Scene.Hash("one")), ContentId.Parse(Scene.Hash("two"))], TestContext.Current.CancellationToken);
        held.Select(p => p.Kind).ShouldBe([PresenceKind.Missing, PresenceKind.Held]);
    }

    private static async Task KeepAsync(Scene scene, FaultPlan plan, int crashAt, params string[] texts)
    {
        await using var library = await scene.OpenAsync();
        plan.CrashAt(plan.Mutations + crashAt);
        var arrivals = new List<Arrival>();
        foreach (var text in texts)
        {
            var bytes = System.Text.Encoding.UTF8.GetBytes(text);
            var entry = new Entry { Path = EntryPath.From(text + ".jpg"), Type = EntryType.File, Mode = 0x1a4, Size = bytes.Length, Content = ContentId.Parse(Scene.Hash(text)) };
            var staged = await library.ReceiveAsync(entry, CancellationToken.None);
            await staged.WriteAsync(0, bytes, CancellationToken.None);
            await staged.CompleteAsync(entry, CancellationToken.None);
            arrivals.Add(new Arrival { Client = "phone", Job = "photos", Entry = entry, Staged = staged });
        }
        await library.KeepAsync(arrivals, CancellationToken.None);
    }

    private static Task<bool> DiesAsync(Scene scene) => DiesAsync(() => scene.TryUploadAsync());

    private static async Task<bool> DiesAsync(Func<Task> work)
    {
        try
        {
            await work();
            return false;
        }
        catch (CrashException)
        {
            return true;
        }
    }
}
