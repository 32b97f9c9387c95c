using Holdfast.Library.Tests.Scenes;
using Holdfast.Testing.Machines;
using Holdfast.Testing.Trees;

namespace Holdfast.Library.Tests;

/// <summary>
/// Clients change, fill and empty their sources, people rearrange the library, the index gets lost: whatever the order, each
/// content a source has lies in the library, none was stored twice, and every name a client brought comes back.
/// </summary>
public sealed class ModelTests
{
    private static readonly string[] Clients = ["phone", "laptop", "camera"];

    [Fact]
    public async Task WhateverPeopleDoNothingIsLostAndNothingIsSentTwice()
    {
        for (var round = 0; round < 6; round++)
        {
            var random = new Random(RandomSeed.Next());
            using var scene = new Scene("/dev/shm");
            var names = Clients.ToDictionary(c => c, _ => new SortedDictionary<string, string>(StringComparer.Ordinal), StringComparer.Ordinal);
            for (var step = 0; step < 8; step++)
            {
                var client = Clients[random.Next(Clients.Length)];
                ChangeSource(scene, client, random, names[client]);
                if (step > 0)
                    await RearrangeAsync(scene, random);

                await scene.UploadAsync(client);

                ShouldHoldEverythingOnce(scene, names.Values);
                await ShouldComeBackAsync(scene, client, names[client]);
            }
        }
    }

    private static void ChangeSource(Scene scene, string client, Random random, SortedDictionary<string, string> names)
    {
        for (var i = 0; i < 12; i++)
        {
            var name = $"{(char)('a' + random.Next(3))}/{random.Next(15)}.jpg";
            if (random.Next(5) == 0)
            {
                Command.Must("rm", "-f", Path.Combine(scene.Source(client), name)); // The name stays recorded.
                continue;
            }
            var contents = $"picture {random.Next(25)} {new string('x', random.Next(3))}";
            scene.Write(name, contents, client);
            names[name] = contents;
        }
        // What was written but deleted in the same go was never uploaded.
        foreach (var name in names.Keys.Where(n => !File.Exists(Path.Combine(scene.Source(client), n))).ToList())
            if (!scene.Brought(client).ContainsKey(name))
                names.Remove(name);
            else
                names[name] = scene.Brought(client)[name];
    }

    /// <summary>Moves, renames, folders; now and then the index is lost. Nothing is removed or copied.</summary>
    private static async Task RearrangeAsync(Scene scene, Random random)
    {
        foreach (var file in scene.Files().Keys.Where(_ => random.Next(3) == 0).ToList())
        {
            var to = scene.InLibrary($"{(char)('p' + random.Next(4))}/{random.Next(1_000_000)} {Path.GetFileName(file)}");
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Move(scene.InLibrary(file), to);
        }
        if (random.Next(4) == 0)
            foreach (var file in Directory.GetFiles(scene.InLibrary(".holdfast"), "library.db*"))
                File.Delete(file);
        if (random.Next(2) == 0)
            await scene.ScanAsync();
    }

    private static void ShouldHoldEverythingOnce(Scene scene, IEnumerable<SortedDictionary<string, string>> names)
    {
        var held = scene.Files().Values.ToList();
        scene.Files().GroupBy(f => f.Value, StringComparer.Ordinal).Where(g => g.Skip(1).Any()).SelectMany(g => g).Select(f => $"{f.Key}: {f.Value}").ShouldBeEmpty();
        names.SelectMany(n => n.Values).Except(held, StringComparer.Ordinal).ShouldBeEmpty();
    }

    private static async Task ShouldComeBackAsync(Scene scene, string client, SortedDictionary<string, string> names)
    {
        scene.NoteBrought(client, names);
        var restored = await scene.RestoreAsync(client);
        var files = Directory.EnumerateFiles(restored, "*", SearchOption.AllDirectories)
            .ToDictionary(f => Path.GetRelativePath(restored, f), File.ReadAllText, StringComparer.Ordinal);
        files.OrderBy(f => f.Key, StringComparer.Ordinal).ShouldBe(names);
    }
}
