using Holdfast.Core.Model;
using Holdfast.Library.Index;

namespace Holdfast.Library.Replicating;

/// <summary>What a copy of a library lacks, has otherwise, and has too much of.</summary>
internal sealed class ReplicaPlan
{
    private const int AlwaysAllowed = 100;

    private ReplicaPlan()
    {
    }

    /// <summary>Files to copy, in path order.</summary>
    public List<IndexedFile> Copy { get; } = [];

    /// <summary>Of these, the paths under which the copy has other contents.</summary>
    public HashSet<EntryPath> Replaced { get; } = [];

    /// <summary>Files that go, in path order.</summary>
    public List<IndexedFile> Remove { get; } = [];

    /// <summary>Compares both indexes in one pass.</summary>
    public static ReplicaPlan Of(LibraryIndex source, LibraryIndex replica, CancellationToken cancellationToken)
    {
        var plan = new ReplicaPlan();
        using var had = All(replica).GetEnumerator();
        var has = had.MoveNext();
        foreach (var file in All(source))
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (; has && had.Current.Path.CompareTo(file.Path) < 0; has = had.MoveNext())
                plan.Remove.Add(had.Current);
            var there = has && had.Current.Path == file.Path ? had.Current : null;
            if (there is not null)
                has = had.MoveNext();
            if (there?.Content == file.Content)
                continue;
            plan.Copy.Add(file);
            if (there is not null)
                plan.Replaced.Add(file.Path);
        }
        for (; has; has = had.MoveNext())
            plan.Remove.Add(had.Current);
        return plan;
    }

    /// <summary>The deletion brake (promise 7). Files that only moved count for nothing.</summary>
    /// <exception cref="HoldfastException">Too much would go.</exception>
    public void Brake(string source, string replica, long sourceFiles, long replicaFiles, ReplicaOptions options)
    {
        if (sourceFiles == 0 && replicaFiles > 0)
            throw new HoldfastException(
                ErrorKind.Failed,
                $"stopped: {source} holds no file, but {replica} holds {replicaFiles:N0}. Is the disk of the source mounted?",
                "An empty library never empties a copy. If this is meant, delete the copy by hand.");
        var kept = Copy.Select(c => c.Content).ToHashSet();
        long gone = Remove.Count(r => !kept.Contains(r.Content)) + Replaced.Count;
        if (!options.AllowDeletions && gone >= AlwaysAllowed && gone > replicaFiles * options.MaxDelete)
            throw new HoldfastException(
                ErrorKind.Failed,
                $"stopped: {gone:N0} of {replicaFiles:N0} files of {replica} would be removed or replaced, which is more than {options.MaxDelete:P0} (max_delete).",
                $"Nothing was changed. If this is meant, use --allow-deletions.");
    }

    private static IEnumerable<IndexedFile> All(LibraryIndex index)
    {
        EntryPath? last = null;
        while (index.FilesAfter(last) is { Count: > 0 } page)
        {
            foreach (var file in page)
                yield return file;
            last = page[^1].Path;
        }
    }
}
