using System.Security.Cryptography;
using System.Text;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;

namespace Holdfast.Core.Tests.Catalog;

/// <summary>Snapshots that list what a test says; each file is (path, contents).</summary>
internal sealed class ListedSnapshots(params IEnumerable<(string Path, string Text)>[] states) : ISnapshots
{
    public string Name => "mirror:/place";

    public IReadOnlyList<string> Warnings => [];

    /// <summary>Begins the snapshots' ids.</summary>
    public string Series { get; init; } = "snapshot";

    public IReadOnlyList<Snapshot> Snapshots =>
        [.. states.Select((_, i) => new Snapshot($"{Series}-{i + 1}", i + 1, DateTimeOffset.UnixEpoch.AddDays(i), "client", "job", new SnapshotStatistics()))];

    public static ContentId Content(string text) => new(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    public IEnumerable<SnapshotEntry> Entries(Snapshot snapshot, EntryPath under, CancellationToken cancellationToken) =>
        states[snapshot.Number - 1].Select(f => new SnapshotEntry(
            new Entry { Path = EntryPath.From(f.Path), Type = EntryType.File, Size = f.Text.Length, Content = Content(f.Text) }, snapshot.Number));

    public IFileReader Open(SnapshotEntry entry) => throw new NotSupportedException();

    public IEnumerable<CheckFinding> CheckStructure(CancellationToken cancellationToken) => [];

    public void Dispose()
    {
    }
}
