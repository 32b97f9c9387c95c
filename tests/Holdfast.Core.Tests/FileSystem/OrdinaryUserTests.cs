using System.Text;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Testing.Machines;

namespace Holdfast.Core.Tests.FileSystem;

/// <summary>What an ordinary user may not do is an error with the system's reason. Root may do everything, so the test's own process steps down.</summary>
public sealed class OrdinaryUserTests
{
    // Set by the parent test; the child process runs only this one, as another user.
    private const string FolderVariable = "HOLDFAST_TEST_ORDINARY_FOLDER";

    [Fact]
    public void WhatAnOrdinaryUserMayNotReadIsAccessDeniedAndNotMissing()
    {
        if (Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 } given)
        {
            Check(given);
            return;
        }
        using var temporary = new TemporaryFolder().OpenToAll();
        temporary.File("closed file", "secret");
        temporary.File("closed folder/file", "secret");
        temporary.File("listed only/file", "secret");
        Command.Bash("cd \"$1\"; chmod 000 'closed file' 'closed folder'; chmod 744 'listed only'", temporary.Path);
        if (!Command.IsRoot)
            Command.Bash("cd \"$1\"; chmod 644 'listed only'", temporary.Path);
        // The user must reach what it is to run.
        var program = temporary.Folder("program");
        Command.Must("cp", "-r", AppContext.BaseDirectory + "/.", program);
        Command.Must("chmod", "-R", "a+rX", program);

        var result = Command.RunAsOrdinaryUser(
            "dotnet",
            [Path.Combine(program, "Holdfast.Core.Tests.dll"), "-method", $"*{nameof(WhatAnOrdinaryUserMayNotReadIsAccessDeniedAndNotMissing)}"],
            folder: temporary.Path,
            environment: new Dictionary<string, string?> { [FolderVariable] = temporary.Path, ["HOME"] = temporary.Folder("home"), ["DOTNET_CLI_HOME"] = temporary.Path });

        result.ExitCode.ShouldBe(0, result.Text + result.ErrorText);
        result.Text.ShouldContain("Total: 1");
    }

    private static void Check(string path)
    {
        Command.IsRoot.ShouldBeFalse();
        using var folder = LocalFolders.Open(path);
        Denied(() => folder.OpenFile(EntryPath.From("closed file")));
        Denied(() => folder.OpenFolder(EntryPath.From("closed folder")));
        Denied(() => folder.Stat(EntryPath.From("closed folder/file")));
        Denied(() => folder.TryStat(EntryPath.From("closed folder/file")));
        Denied(() => folder.TryStat(EntryPath.From("listed only/file")));
        Denied(() => folder.CreateFile(EntryPath.From("listed only/new"), 0x1a4));
        Denied(() => LocalFolders.Open(Path.Combine(path, "closed folder")));
        Denied(() => LocalFolders.Create(Path.Combine(path, "closed folder", "new")));
        using (var listed = folder.OpenFolder(EntryPath.From("listed only")))
        {
            Encoding.UTF8.GetString(listed.List()[0]).ShouldBe("file");
            Denied(() => listed.StatName("file\0"u8));
        }
        folder.Stat(EntryPath.From("closed file")).Size.ShouldBe(6);
        Should.Throw<FileSystemException>(() => folder.SetOwner(EntryPath.From("closed file"), 1, 1)).Error.ShouldBe(Errno.NotPermitted);

        // A file of somebody else cannot be read without changing its access time; it is read all the same.
        using var reader = folder.OpenFile(EntryPath.From("program/Holdfast.Core.Tests.dll"));
        reader.Stat().Size.ShouldBeGreaterThan(0);
    }

    private static void Denied(Action action)
    {
        var error = Should.Throw<FileSystemException>(action);
        error.Error.ShouldBe(Errno.AccessDenied);
        error.IsNotFound.ShouldBeFalse();
    }
}
