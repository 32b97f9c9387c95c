using Holdfast.Core.Engine;
using Holdfast.Testing.Machines;
using Holdfast.Testing.Trees;
using Holdfast.Volumes.Codec;
using Holdfast.Volumes.Tests.Scenes;

namespace Holdfast.Volumes.Tests;

/// <summary>Torture trees through several runs, every codec, and back.</summary>
public sealed class RoundTripTests
{
    [Theory, InlineData(Compression.None, false), InlineData(Compression.Zstd, false), InlineData(Compression.Xz, false), InlineData(Compression.Xz, true), InlineData(Compression.None, true)]
    public async Task ATortureTreeComesBackAfterEveryRun(Compression compression, bool encrypted)
    {
        using var scene = new Scene { Options = new VolumeOptions { Compression = compression, Split = 3, Passphrase = encrypted ? Passphrase.Of("päss wörd") : null } };
        var seed = RandomSeed.Next();
        var random = new Random(seed);
        TortureTree.Build(scene.Source, seed: seed);
        for (var run = 1; run <= 4; run++)
        {
            if (run > 1)
                TortureTree.Mutate(scene.Source, random);
            await scene.GoodBackupAsync();
            scene.ShouldEqualSource(await scene.RestoreAsync($"out{run}"));
            if (run == 3)
                scene.LoseDatabase();
        }
        scene.Findings().ShouldBeEmpty();
        scene.VolumeFiles.Count.ShouldBe(4);
    }

    [Fact]
    public async Task TheRecipeOfTheDocumentsRestoresWithoutHoldfast()
    {
        Peer.Require("gpg", "xz", "tar");
        using var scene = new Scene { Options = new VolumeOptions { Compression = Compression.Xz, Passphrase = Passphrase.Of("secret") } };
        Directory.CreateDirectory(Path.Combine(scene.Source, "a\nb"));
        File.WriteAllText(Path.Combine(scene.Source, "a\nb", "it's \"quoted\""), "one");
        await scene.GoodBackupAsync();
        File.WriteAllText(Path.Combine(scene.Source, "a\nb", "it's \"quoted\""), "two");
        File.WriteAllText(Path.Combine(scene.Source, "new"), "new");
        await scene.GoodBackupAsync();
        File.WriteAllText(scene["pass"], "secret\n");
        Command.Bash(
            """
            mkdir out home; chmod 700 home
            for volume in place/*.tar.xz.gpg; do
              gpg --homedir home --batch --quiet --pinentry-mode loopback --passphrase-file pass -d "$volume" | xz -d | tar -xp --numeric-owner --anchored --exclude=.holdfast -C out
            done
            diff -r source out
            """.Insert(0, $"cd '{scene["."]}'\n"));
        scene.ShouldEqualSource(scene["out"]);
    }

    [Theory, InlineData(Compression.None), InlineData(Compression.Zstd)]
    public async Task AFileLargerThanAVolumeIsSavedInPartsThatCatPutsTogether(Compression compression)
    {
        using var scene = new Scene { Options = new VolumeOptions { Compression = compression, VolumeSize = 500_000, Split = 2 } };
        var bytes = new byte[2_200_000];
        new Random(1).NextBytes(bytes);
        var path = Path.Combine(scene.Source, "big \\ file");
        File.WriteAllBytes(path, bytes);
        File.WriteAllText(Path.Combine(scene.Source, "small"), "small");
        Command.Must("ln", path, Path.Combine(scene.Source, "further name"));
        Command.Must("setfattr", "-n", "user.a", "-v", "b", path);
        await scene.GoodBackupAsync();
        scene.VolumeFiles.Count.ShouldBeGreaterThan(4);
        foreach (var volume in scene.VolumeFiles)
            new FileInfo(volume).Length.ShouldBeLessThan(600_000);
        scene.ShouldEqualSource(await scene.RestoreAsync());
        scene.Findings().ShouldBeEmpty();

        scene.LoseDatabase();
        scene.ShouldEqualSource(await scene.RestoreAsync("out without database"));
        await scene.GoodBackupAsync();
        await scene.GoodBackupAsync();
        (await scene.ForgetAsync()).ShouldBe(1);
        scene.ShouldEqualSource(await scene.RestoreAsync("out of later runs"));

        if (compression == Compression.None)
        {
            var unpacked = scene.Unpack("tar");
            Command.Bash("cd \"$1\"; cat \"$2\".holdfast-part-* > \"$2\"; sha256sum -c \"$2\".holdfast-parts; cp --attributes-only --preserve=all \"$2\".holdfast-part-0001 \"$2\"; rm \"$2\".holdfast-part*", unpacked, "big \\ file");
            File.ReadAllBytes(Path.Combine(unpacked, "big \\ file")).SequenceEqual(bytes).ShouldBeTrue();
        }
        // One lost part is a lost file, and it is named.
        File.Delete(scene.VolumeFiles[1]);
        scene.Findings().ShouldContain(f => f.Contains("held it, which is not there", StringComparison.Ordinal));
        await scene.GoodBackupAsync();
        scene.ShouldEqualSource(await scene.RestoreAsync("out after a loss"));
    }
}
