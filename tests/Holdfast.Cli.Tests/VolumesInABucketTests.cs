using Holdfast.Cli.Tests.Running;
using Holdfast.Testing.Ceph;
using Holdfast.Testing.Machines;
using Holdfast.Testing.Trees;

[assembly: AssemblyFixture(typeof(Radosgw))]

namespace Holdfast.Cli.Tests;

/// <summary>Volumes in a bucket of a real S3 engine, by the usual verbs.</summary>
public sealed class VolumesInABucketTests : IDisposable
{
    private readonly Machine _machine = new Machine().WithDocuments();
    private readonly Radosgw _engine;
    private readonly string _target;

    public VolumesInABucketTests(Radosgw engine)
    {
        _engine = engine;
        _target = $"volumes:s3:{engine.Http}/holdfast-cli/{Guid.NewGuid():N}";
        _machine.File("pass", "correct horse\n");
        _machine.File("holdfast.yaml", $"jobs: {{documents: {{from: Documents, to: '{_target}', gpg_passphrase_file: pass, store: {{credentials_file: '{engine.CredentialsFile}'}}}}}}\n");
        File.WriteAllBytes(_machine["Documents/large"], System.Security.Cryptography.RandomNumberGenerator.GetBytes(20_000_000));
    }

    public void Dispose() => _machine.Dispose();

    [Fact]
    public void WhatWasBackedUpComesBackAlsoOnAMachineThatKnowsNothing()
    {
        Peer.Require("gpg", "rsync");
        _machine.Run("init", "documents").Checked("holdfast");
        _machine.Run("backup", "documents").Checked("holdfast").Text.ShouldNotContain("not-so-secret");
        _machine.File("Documents/todo.txt", "buy bread\n");
        _machine.Run("backup", "documents").Checked("holdfast");
        _machine.Run("check", "documents", "--read-data", "--drill", "2").Checked("holdfast").Text.ShouldContain("2 files of ");
        Machine.JsonLines(_machine.Run("status", "--json").Text).Single().GetProperty("targets")[0].GetProperty("drill_files").GetInt32().ShouldBe(2);
        _machine.Run("cat", "documents", "todo.txt", "--at", "2").Checked("holdfast").Text.ShouldBe("buy milk\n");
        Directory.GetFiles(_machine[".local/state/holdfast/stores"], "*.tar*", SearchOption.AllDirectories).ShouldBeEmpty("what was staged is in the store");

        using var other = new Machine();
        other.File("pass", "correct horse\n");
        other.File("keys", File.ReadAllText(_engine.CredentialsFile));
        other.Run("restore", _target, "--to", other["out"], "--gpg-passphrase-file", other["pass"], "--store-credentials-file", "keys", "--store-connections", "2").Checked("holdfast");
        Rsync.Differences(_machine["Documents"], other["out"]).ShouldBeEmpty();
    }

    [Fact]
    public void WhatIsInABucketIsSafeAndMendsAFolderInPlaceAndAMirror()
    {
        Peer.Require("gpg");
        _machine.Run("init", "documents").Checked("holdfast");
        _machine.Run("backup", "documents").Checked("holdfast");
        _machine.Run("safe", "Documents", "--verified").Checked("holdfast").Text.ShouldContain("yes: 3 files");

        // In place, where it came from.
        File.Delete(_machine["Documents/large"]);
        File.WriteAllText(_machine["Documents/todo.txt"], "spoilt\n");
        var before = File.ReadAllText(_machine["Documents/Projects/plan.txt"]);
        _machine.Run("restore", "documents", "--in-place", "--overwrite", "always").Checked("holdfast");
        File.ReadAllText(_machine["Documents/todo.txt"]).ShouldBe("buy milk\n");
        File.ReadAllText(_machine["Documents/Projects/plan.txt"]).ShouldBe(before);
        new FileInfo(_machine["Documents/large"]).Length.ShouldBe(20_000_000);

        // As a donor for a mirror that lost contents, although the source has other ones by now.
        _machine.Run("backup", "Documents", "--to", "mirror:disk").Checked("holdfast");
        foreach (var copy in Directory.GetFiles(_machine["disk"], "todo.txt", SearchOption.AllDirectories))
            File.Delete(copy);
        File.Delete(_machine["Documents/todo.txt"]);
        _machine.Run("repair", "mirror:disk", "--from", _target, "--gpg-passphrase-file", "pass").Checked("holdfast");
        _machine.Run("cat", "mirror:disk", "todo.txt").Checked("holdfast").Text.ShouldBe("buy milk\n");
    }

    /// <summary>The engine goes away between two looks, or in the middle of a volume: nobody may call that damage.</summary>
    [Theory, InlineData(0), InlineData(6)]
    public void AStoreThatCannotBeReachedIsNeverCalledDamaged(int megabytes)
    {
        Peer.Require("gpg");
        using var line = new CutLine(_engine.Http, megabytes);
        _machine.File("holdfast.yaml", File.ReadAllText(_machine["holdfast.yaml"]).Replace(_engine.Http, line.Url, StringComparison.Ordinal).Replace("store: {", "store: {tries: 1, ", StringComparison.Ordinal));
        line.IsCut = false;
        _machine.Run("init", "documents").Checked("holdfast");
        _machine.Run("backup").Checked("holdfast");
        string[][] whole = [["check", "documents", "--read-data"], ["restore", "documents", "--to", "out"], ["repair", "documents"]];
        foreach (var verb in megabytes > 0 ? whole : [.. whole, ["snapshots", "documents"], ["backup"], ["safe", "Documents/todo.txt"]])
        {
            line.IsCut = true;
            var run = _machine.Run(verb);
            run.ExitCode.ShouldNotBe(0, $"{verb[0]}: {run.Text}");
            (run.Text + run.ErrorText).ShouldContain("cannot be reached", Case.Insensitive, $"{verb[0]}: {run.Text}{run.ErrorText}");
            foreach (var word in new[] { "damaged", "cannot be used", "is not there any more", "not those that were saved", "missing from" })
                (run.Text + run.ErrorText).ShouldNotContain(word, Case.Insensitive, $"{verb[0]}: {run.Text}{run.ErrorText}");
            line.IsCut = false;
            // Nothing of it was taken for true: the database still knows the volume, and so does the place.
            Machine.JsonLines(_machine.Run("snapshots", "documents", "--json").Checked("holdfast").Text).Count.ShouldBe(1);
        }
        _machine.Run("check", "documents", "--read-data").Checked("holdfast");
    }

    [Fact]
    public void ABucketInTheNameOfTheHostWorksToo()
    {
        Peer.Require("unshare", "mount");
        Command.IsRoot.ShouldBeTrue("names are given to loopback for one process only");
        // A name server for one process: its own view of /etc/hosts.
        var port = new Uri(_engine.Http).Port;
        _machine.File("hosts", "127.0.0.1 localhost s3.test holdfast-cli.s3.test\n");
        _machine.File("holdfast.yaml", $"jobs: {{documents: {{from: Documents, to: 'volumes:s3:http://s3.test:{port}/holdfast-cli/{Guid.NewGuid():N}', store: {{credentials_file: '{_engine.CredentialsFile}', path_style: false}}}}}}\n");
        Command Named(string arguments) => _machine.Shell($"unshare -m sh -c 'mount --bind hosts /etc/hosts && holdfast {arguments}'").Checked("holdfast");
        Named("init documents");
        Named("backup documents");
        Named("check documents --read-data");
        // Others who put the bucket into the path find the same objects.
        var target = File.ReadAllText(_machine["holdfast.yaml"]).Split('\'')[1].Replace("s3.test", "127.0.0.1", StringComparison.Ordinal);
        _machine.File("holdfast.yaml", $"jobs: {{documents: {{from: Documents, to: '{target}', store: {{credentials_file: '{_engine.CredentialsFile}'}}}}}}\n");
        _machine.Run("restore", "documents", "--to", _machine["out"]).Checked("holdfast");
        Rsync.Differences(_machine["Documents"], _machine["out"]).ShouldBeEmpty();
    }

    [Fact]
    public void WithoutKeysItIsSaidWhereTheyBelong()
    {
        _machine.File("holdfast.yaml", $"jobs: {{documents: {{from: Documents, to: '{_target}', store: {{profile: nobody}}}}}}\n");
        var run = _machine.Run("init", "documents");
        run.ExitCode.ShouldBe(2);
        run.ErrorText.ShouldContain("'nobody'");
    }

    [Fact]
    public void ARunThatWasKilledDoesNotStopTheNext()
    {
        Peer.Require("gpg");
        _machine.Run("init", "documents").Checked("holdfast");
        using (var run = _machine.Start("backup", "documents"))
        {
            // Killed somewhere in its run; whether it had the lock already makes no difference to what must hold.
            run.WaitForExit(TimeSpan.FromMilliseconds(1500));
            run.Kill();
            run.WaitForExit();
        }
        _machine.Run("backup", "documents").Checked("holdfast");
        _machine.Run("check", "documents", "--read-data").Checked("holdfast");
    }
}
