using Holdfast.Mirror.Tests.Scenes;
using Holdfast.Testing.Machines;

namespace Holdfast.Mirror.Tests;

/// <summary>A place in a shared folder that gives its group and a default ACL to everything made in it.</summary>
public sealed class InheritingPlaceTests
{
    [Fact]
    public async Task WhatTheFolderOfThePlaceGivesToNewFilesDoesNotReachTheMirror()
    {
        Peer.Require("setfacl", "rsync");
        Peer.RequireRoot();
        using var scene = new Scene();
        Directory.CreateDirectory(scene.Place);
        Command.Must("chgrp", "12345", scene.Place);
        Command.Must("chmod", "2775", scene.Place);
        Command.Must("setfacl", "-m", "d:u:23456:rwx,d:g::rwx", scene.Place);
        scene.Write("folder/first", "1");
        await scene.BackupAsync();
        scene.MirrorShouldBeTheSource("after the first run");

        scene.Write("folder/second", "2");
        scene.Write("new/third", "3");
        await scene.BackupAsync();
        scene.MirrorShouldBeTheSource("after the second run");
    }

    [Fact]
    public async Task WorkingFoldersAreClosedToOthersWhateverThePlaceSays()
    {
        Peer.Require("setfacl");
        Peer.RequireRoot();
        using var scene = new Scene();
        Directory.CreateDirectory(scene.Place);
        Command.Must("setfacl", "-m", "d:u:23456:rwx,d:o::rwx", scene.Place);
        scene.Write("file", "1");
        await scene.BackupAsync();

        var increment = Directory.GetDirectories(Path.Combine(scene.Place, "increments")).Single();
        Command.Must("getfacl", "-cpE", increment).Text.ReplaceLineEndings("\n").ShouldBe("user::rwx\ngroup::---\nother::---\n\n");
    }
}
