using Holdfast.Cli.Tests.Running;
using Holdfast.Testing.Machines;

namespace Holdfast.Cli.Tests;

/// <summary>"May I delete this?" where the newest contents lie in mirror/ alone.</summary>
public sealed class SafeWithoutHardLinksTests
{
    [Fact]
    public void WhatLiesInTheMirrorAloneCountsOnceItHasMovedIntoTheHistory()
    {
        using var disk = new LoopMount("exfat", under: "/dev/shm");
        using var machine = new Machine().WithDocuments();
        machine.File("holdfast.yaml", $"jobs: {{documents: {{from: Documents, to: 'mirror:{disk.Path}/place'}}}}\n");
        machine.File("elsewhere/todo.txt", "buy milk\n");
        machine.Run("init", "documents").Checked("init");
        machine.Run("backup").Checked("backup");

        foreach (var file in new[] { "Documents/todo.txt", "elsewhere/todo.txt" })
        {
            var answer = machine.Run("safe", file);
            answer.ExitCode.ShouldBe(1, file);
            answer.Text.ShouldContain("it lies in mirror/ alone, as the disk has no hard links");
        }

        File.Delete(machine["Documents/todo.txt"]);
        machine.Run("backup", "--allow-deletions").Checked("backup");
        machine.Run("safe", "elsewhere/todo.txt").Checked("safe").Text.ShouldContain("/track/todo.txt");
        machine.Run("cat", "documents", "todo.txt", "--at", "2").Text.ShouldBe("buy milk\n");
    }
}
