using System.Text;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Targets;
using Holdfast.Mirror.Tests.Model;
using Holdfast.Mirror.Tests.Scenes;
using Holdfast.Testing.Machines;

namespace Holdfast.Mirror.Tests.Reading;

/// <summary>A mirror of a random past, with a copy of mirror/ as it was at each snapshot for other programs to look at.</summary>
internal sealed class RandomPast : IDisposable
{
    private readonly List<string> _copies = [];

    public Scene Scene { get; } = new(Files.Memory);

    public ISnapshots Snapshots { get; private set; } = null!;

    /// <summary>Each snapshot with the folder that was mirror/ then.</summary>
    public IEnumerable<(Snapshot Snapshot, string Copy)> Times => Snapshots.Snapshots.Zip(_copies);

    /// <param name="random">Decides what happens.</param>
    /// <param name="runs">How many snapshots.</param>
    /// <param name="open">How the place is opened; null for a usual disk.</param>
    public static async Task<RandomPast> MakeAsync(Random random, int runs, Func<string, IFolder>? open = null)
    {
        var past = new RandomPast();
        past.Scene.OpenPlace = open ?? past.Scene.OpenPlace;
        var source = new RandomSource(past.Scene.Source, random);
        while (past._copies.Count < runs)
        {
            for (var i = 0; i < 8; i++)
                source.Step();
            // A run without changes adds no snapshot, and so no copy.
            past.Scene.Write("run", $"{past._copies.Count}\n");
            await past.Scene.BackupAsync(new Core.Engine.BackupOptions { AllowDeletions = true });
            past._copies.Add(past.Scene.Temporary[$"copy-{past._copies.Count}"]);
            // Of the mirror, not of the source: an edit that keeps size and mtime may go unseen in a renamed file.
            Command.Must("cp", "-a", past.Scene.Mirror, past._copies[^1]);
        }
        past.Snapshots = past.Scene.Open();
        past.Snapshots.Snapshots.Count.ShouldBe(runs);
        return past;
    }

    /// <summary>Paths that find(1) prints for a tree.</summary>
    public static IReadOnlyList<string> Find(string folder, params string[] tests) =>
        [.. Command.Must("find", [folder, "-mindepth", "1", .. tests, "-printf", "%P\\0"]).Text.Split('\0', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal)];

    public static string Text(Core.Model.EntryPath path) => Encoding.UTF8.GetString(path.Bytes);

    public void Dispose()
    {
        Snapshots?.Dispose();
        Scene.Dispose();
    }
}
