using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;

namespace Holdfast.Library.Http;

/// <summary>What a client uploaded to a server, under the names it had there. With several jobs the first part of a path is the job's name.</summary>
internal sealed class HttpUploadedSnapshots(HttpLibrary library, string client, IReadOnlyList<string> jobs, DateTimeOffset now) : ISnapshots
{
    public string Name => library.Name;

    public IReadOnlyList<Snapshot> Snapshots { get; } = [LibrarySnapshot.At(now, client, string.Join(", ", jobs))];

    public IReadOnlyList<string> Warnings => [];

    public IEnumerable<SnapshotEntry> Entries(Snapshot snapshot, EntryPath under, CancellationToken cancellationToken)
    {
        foreach (var job in jobs)
        {
            var prefix = jobs.Count == 1 ? EntryPath.Root : LibraryName.Map(EntryPath.From(job));
            EntryPath? last = null;
            while (Wait(library.NamesAsync(client, job, last, cancellationToken)) is { Count: > 0 } page)
            {
                last = page[^1].Path;
                foreach (var entry in page)
                    if (entry with { Path = entry.Path.Under(prefix), LinkedWith = entry.LinkedWith?.Under(prefix) } is var full && full.Path.IsAtOrUnder(under))
                        yield return new SnapshotEntry(full, LibrarySnapshot.Number);
            }
        }
    }

    public IFileReader Open(SnapshotEntry entry)
    {
        if (entry.Entry.Content is not { } content)
            throw new HoldfastException(ErrorKind.Failed, $"the record does not say which contents '{entry.Entry.Path}' had.");
        return Wait(library.OpenAsync(content, CancellationToken.None)) ?? throw new HoldfastException(
            ErrorKind.Failed,
            $"{Name} no longer holds the contents of '{entry.Entry.Path}' ({entry.Entry.Size:N0} bytes, SHA-256 {content}).",
            "Somebody removed or edited the last file that had them.");
    }

    public IEnumerable<CheckFinding> CheckStructure(CancellationToken cancellationToken) => [];

    public void Dispose() => library.DisposeAsync().AsTask().GetAwaiter().GetResult();

    private static T Wait<T>(Task<T> task) => task.GetAwaiter().GetResult();
}
