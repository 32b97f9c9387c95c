using Holdfast.Cli.Tests.Running;

namespace Holdfast.Cli.Tests;

/// <summary>A library, as a person uses it.</summary>
public sealed class LibraryTests
{
    [Fact]
    public void APhoneIsEmptiedAndEverythingComesBackUnderItsNames()
    {
        using var machine = new Machine();
        machine.File("phone/DCIM/1.jpg", "one");
        machine.File("phone/DCIM/2.jpg", "two");
        machine.File("phone/WhatsApp/1.jpg", "one");
        machine.File("holdfast.yaml", "client: phone\njobs:\n  photos: {from: phone, to: \"library:library\", mode: upload}\n");
        machine.Run("init", "photos").Checked("init");

        machine.Run("backup", "photos").Checked("backup");
        machine.Shell("mkdir library/2026 && mv library/DCIM/1.jpg library/2026/beach.jpg && rm -r phone/*").Checked("mv");
        machine.Run("backup", "photos").Checked("backup");

        machine.Shell("cd library && find . -path ./.holdfast -prune -o -type f -print | sort").Text.ShouldBe("./2026/beach.jpg\n./DCIM/2.jpg\n");
        machine.Run("restore", "photos", "--as-uploaded", "phone", "--to", "back").Checked("restore");
        machine.Shell("cd back && find . -type f | sort | xargs grep -H .").Text.ShouldBe("./DCIM/1.jpg:one\n./DCIM/2.jpg:two\n./WhatsApp/1.jpg:one\n");
        machine.Run("ls", "library:library", "--as-uploaded", "phone", "WhatsApp").Text.ShouldContain("1.jpg");
        machine.Run("check", "photos").ExitCode.ShouldBe(ExitCode.Done);
    }

    [Fact]
    public void AServersLibraryNeedsNoConfig()
    {
        using var machine = new Machine();

        var made = machine.Run("init", "library:library").Checked("init").Text;
        made.ShouldContain($"next: holdfast token add NAME --library library:{machine["library"]}");
        machine.Run("token", "add", "phone", "--library", "library:library").Checked("token add");
        machine.Run("token", "add", "tablet", "--library", "library").Checked("a folder without a slash");
        machine.Run("init", "library:library").Checked("init").Text.ShouldBe(made); // It is what it was.

        machine.File("photos/1.jpg", "one");
        machine.Run("init", "library:photos").ErrorText.ShouldContain("use --adopt");
        machine.Run("init", "library:photos", "--adopt").Checked("init --adopt");
        machine.Run("library", "scan", "library:photos").Checked("scan").Text.ShouldContain("1.jpg");

        machine.Run("init", "library:http://127.0.0.1:1").ExitCode.ShouldBe(ExitCode.Usage);
        machine.Run("serve", "--library", "library:other").ErrorText.ShouldContain("holdfast init library:DIR");
    }

    [Fact]
    public void AFolderAndALibraryAreKeptTheSameInBothDirections()
    {
        using var machine = new Machine();
        machine.File("phone/a/1.jpg", "one");
        machine.File("phone/a/2.jpg", "two");
        machine.File("holdfast.yaml", "client: phone\njobs:\n  photos: {from: phone, to: \"library:library\", mode: sync, exclude: [\"*.tmp\"]}\n");
        machine.Run("init", "photos").Checked("init");
        machine.Run("backup", "photos").Checked("backup").Text.ShouldContain("2 new");
        machine.Shell("mkdir library/b && mv library/a/1.jpg library/b/ && rm phone/a/2.jpg && echo three >phone/3.jpg && echo x >library/x.tmp").Checked("mv");

        var dry = machine.Run("backup", "photos", "--dry-run").Checked("backup").Text;
        dry.ShouldContain("new       3.jpg  in library:");
        dry.ShouldContain($"moved     b/1.jpg (from a/1.jpg)  in {machine["phone"]}");
        dry.ShouldContain("deleted   a/2.jpg  in library:");
        machine.Run("backup", "photos").Checked("backup").Text.ShouldContain("in the folder: 1 moved");

        machine.Shell("cd phone && find . -path ./.holdfast -prune -o -type f -print | sort").Text.ShouldBe("./3.jpg\n./b/1.jpg\n");
        machine.Shell("cd library && find . -path ./.holdfast -prune -o -type f -print | sort").Text.ShouldBe("./3.jpg\n./b/1.jpg\n./x.tmp\n");
        machine.Run("safe", "phone/3.jpg").ExitCode.ShouldBe(ExitCode.Failed); // Who deletes it here deletes it there.
        machine.Shell("rm -r phone && mkdir phone").Checked("rm");
        var stopped = machine.Run("backup", "photos");
        stopped.ExitCode.ShouldBe(ExitCode.Failed);
        stopped.Text.ShouldContain("Is its disk mounted?");
    }

    [Fact]
    public void AScanSaysWhatPeopleDidAndWhatTheyDeletedStaysAway()
    {
        using var machine = new Machine();
        machine.File("phone/1.jpg", "one");
        machine.File("phone/2.jpg", "two");
        machine.Run("backup", "phone", "--to", "library:library").Checked("backup");
        machine.Run("library", "scan", "library:library", "--deleted", "remember").Checked("scan");
        machine.Shell("cd library && rm 1.jpg && mv 2.jpg two.jpg && cp two.jpg zwei.jpg").Checked("rm");

        var scan = machine.Run("library", "scan", "./library", "--rest", "0s").Checked("scan").Text;

        scan.ShouldContain("removed    1.jpg");
        scan.ShouldContain("renamed    2.jpg → two.jpg");
        scan.ShouldContain("duplicate  zwei.jpg (the same as two.jpg)");
        scan.ShouldContain("1 content will not come back");
        machine.Run("backup", "phone", "--to", "library:library").Text.ShouldNotContain("1 new");
        File.Exists(machine["library/1.jpg"]).ShouldBeFalse();

        machine.Run("library", "undelete", "library:library").Text.ShouldEndWith("1.jpg\n");
        machine.Run("library", "undelete", "library:library", "1.jpg").Checked("undelete");
        machine.Run("backup", "phone", "--to", "library:library").Checked("backup");
        File.ReadAllText(machine["library/1.jpg"]).ShouldBe("one");
    }

    [Fact]
    public void TokensArePrintedOnceAndAServerIsReachedByNobodyElseInTheClear()
    {
        using var machine = new Machine();
        machine.File("phone/1.jpg", "one");
        machine.Run("backup", "phone", "--to", "library:library").Checked("backup");

        var token = machine.Run("token", "add", "phone", "--library", "./library").Checked("token").Text.Trim();

        machine.Run("token", "list", "--library", "./library").Text.ShouldContain("phone  append");
        File.ReadAllText(machine["library.server/tokens.json"]).ShouldNotContain(token);
        machine.Run("token", "add", "phone", "--library", "./library").ExitCode.ShouldBe(ExitCode.Usage);
        machine.Run("token", "add", "phone", "--library", "./nowhere").ExitCode.ShouldBe(ExitCode.NoPlace);
        Directory.Exists(machine["nowhere.server"]).ShouldBeFalse();
        machine.Run("token", "revoke", "phone", "--library", "./library").Checked("token");
        machine.Run("token", "list", "--library", "./library").Text.ShouldBeEmpty();
        machine.Run("serve", "--library", "./library", "--listen", "0.0.0.0:0").ErrorText.ShouldContain("--cert");
        machine.Run("backup", "phone", "--to", "library:http://127.0.0.1:1").ErrorText.ShouldContain("HOLDFAST_TOKEN");
    }

    [Theory]
    [InlineData("library", "scan", "nothing/here", "there is no place")]
    [InlineData("library", "undelete", "library:nowhere", "there is no place")]
    [InlineData("restore", "library:library", "--in-place", "many clients")]
    [InlineData("ls", "library:library", "--as-uploaded=stranger", "Clients that did: ")]
    [InlineData("forget", "library:library", "now", "keeps no past")]
    public void WhatCannotBeIsSaidWithTheWayOut(string first, string second, string third, string message)
    {
        using var machine = new Machine();
        machine.File("phone/1.jpg", "one");
        machine.Run("backup", "phone", "--to", "library:library").Checked("backup");

        var failed = machine.Run(first, second, third);

        failed.ExitCode.ShouldBeOneOf(ExitCode.Failed, ExitCode.Usage, ExitCode.NoPlace);
        failed.ErrorText.ShouldContain(message);
    }
}
