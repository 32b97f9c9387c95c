using System.Text.RegularExpressions;
using Holdfast.Core.FileSystem;
using Holdfast.Library.Syncing;
using Holdfast.Testing.Faults;
using Holdfast.Testing.Machines;

namespace Holdfast.Library.Tests.Syncing;

/// <summary>
/// Clients and people at the library write, copy, move and delete; runs die; states and ids get lost; the library is set back.
/// Whatever the order: a file that nobody changed, moved or deleted after it was written is never lost, and after some quiet all
/// sides are equal.
/// </summary>
public sealed partial class SyncModelTests
{
    private const string Library = "library";

    private static readonly string[] Clients = ["phone", "laptop", "camera"];
    private static readonly string[] Sides = [.. Clients, Library];
    private static readonly SyncOptions Unbraked = new() { AllowDeletions = true };

    // What came back under a path where it was given up before may look unchanged to a client that never knew.
    private readonly HashSet<(string Path, string Text)> _givenUp = [];
    private int _written;

    [Fact]
    public async Task NothingIsLostThatNobodyGaveUpAndAfterSomeQuietAllSidesAreEqual()
    {
        var rounds = Environment.GetEnvironmentVariable("HOLDFAST_SOAK") == "1" ? 400 : 8;
        for (var round = 0; round < rounds; round++)
        {
            var random = new Random(RandomSeed.Next());
            using var scene = new SyncScene();
            var alive = new HashSet<(string Path, string Text)>();
            _givenUp.Clear();
            for (var step = 0; step < 14; step++)
            {
                for (var i = 0; i < 5; i++)
                    Change(scene, Sides[random.Next(Sides.Length)], random, alive);
                Lose(scene, random);
                await SyncAsync(scene, Clients[random.Next(Clients.Length)], random);
                ShouldHold(Sides.SelectMany(s => scene.Files(s)), alive);
            }
            await QuietAsync(scene);
            foreach (var client in Clients)
                scene.Files(client).ShouldBe(scene.Files(Library));
            ShouldHold(scene.Files(Library), alive);
        }
    }

    private void Change(SyncScene scene, string side, Random random, HashSet<(string Path, string Text)> alive)
    {
        var files = scene.Files(side);
        var name = $"{(char)('a' + random.Next(3))}/{random.Next(6)}.txt";
        var other = files.Count > 0 ? files.Keys.ElementAt(random.Next(files.Count)) : null;
        switch (random.Next(6))
        {
            case 0 when other is not null:
                scene.Delete(side, other);
                GiveUp(other);
                break;
            case 1 when other is not null && !files.ContainsKey(name):
                scene.Move(side, other, name);
                GiveUp(other);
                Hold(name, files[other]);
                break;
            case 2 when other is not null && !files.ContainsKey(name):
                scene.Write(side, name, files[other]);
                Hold(name, files[other]);
                break;
            default:
                if (files.ContainsKey(name))
                    GiveUp(name);
                scene.Write(side, name, $"text {++_written}");
                Hold(name, $"text {_written}");
                break;
        }

        // A version that lies under the name of a conflict was written under the plain one.
        void GiveUp(string path)
        {
            _givenUp.UnionWith([(path, files[path]), (ConflictMark().Replace(path, ""), files[path])]);
            alive.ExceptWith(_givenUp);
        }

        void Hold(string path, string text)
        {
            if (!_givenUp.Contains((path, text)))
                alive.Add((path, text));
        }
    }

    /// <summary>Now and then a state folder, a folder's id, the library's index or its id is lost.</summary>
    private static void Lose(SyncScene scene, Random random)
    {
        var client = Clients[random.Next(Clients.Length)];
        switch (random.Next(12))
        {
            case 0:
                Command.Must("rm", "-rf", scene[$"state of {client}"]);
                break;
            case 1:
                Command.Must("rm", "-f", scene[$"{client}/.holdfast/folder-id"]);
                break;
            case 2:
                foreach (var file in Directory.GetFiles(scene[$"{Library}/.holdfast"], "library.db*"))
                    File.Delete(file);
                break;
            case 3:
                File.Delete(scene[$"{Library}/.holdfast/place.json"]);
                new LibraryTarget(scene[Library], LocalFolders.Open, TimeProvider.System).Init(
                    new Core.Targets.RunRequest { Client = "laptop", Job = "photos", Sources = [], StateFolder = scene["state"], Time = TimeProvider.System.GetUtcNow() }, adopt: true);
                break;
        }
    }

    private static async Task SyncAsync(SyncScene scene, string client, Random random)
    {
        var plan = new FaultPlan();
        if (random.Next(3) == 0)
            plan.CrashAt(1 + random.Next(60));
        scene.Open = plan.Open;
        try
        {
            await scene.SyncAsync(client, Unbraked);
        }
        catch (CrashException)
        {
            // The next run goes on.
        }
        finally
        {
            scene.Open = LocalFolders.Open;
        }
    }

    private static async Task QuietAsync(SyncScene scene)
    {
        for (var round = 0; round < 2; round++)
            foreach (var client in Clients)
                await scene.SyncAsync(client, Unbraked);
    }

    /// <summary>Each is there under its path, or under that of a conflict.</summary>
    private static void ShouldHold(IEnumerable<KeyValuePair<string, string>> files, HashSet<(string Path, string Text)> alive) =>
        alive.Except(files.Select(f => (ConflictMark().Replace(f.Key, ""), f.Value))).ShouldBeEmpty();

    [GeneratedRegex(@" \(conflict, [a-z]+, [0-9-]+\)( \([0-9]+\))?")]
    private static partial Regex ConflictMark();
}
