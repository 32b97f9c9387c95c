using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;

namespace Holdfast.Core.Targets;

/// <summary>The snapshots of a place, for reading. Needs no lock and changes nothing.</summary>
public interface ISnapshots : IDisposable
{
    /// <summary>The target's name.</summary>
    string Name { get; }

    /// <summary>All snapshots, oldest first.</summary>
    IReadOnlyList<Snapshot> Snapshots { get; }

    /// <summary>What a reader has to know of the place, a sentence each: a part of its history that is missing, for example.</summary>
    IReadOnlyList<string> Warnings { get; }

    /// <summary>True when files are read one after the other, in path order, much faster than side by side.</summary>
    bool IsSequential => false;

    /// <summary>True when only what its files give back can be checked from here, and the structure where the place lies.</summary>
    bool IsCheckedElsewhere => false;

    /// <summary>What a snapshot lists at or below a path, in path order.</summary>
    IEnumerable<SnapshotEntry> Entries(Snapshot snapshot, EntryPath under, CancellationToken cancellationToken);

    /// <summary>Opens the bytes of a file of a snapshot.</summary>
    /// <exception cref="HoldfastException">The place no longer holds them.</exception>
    IFileReader Open(SnapshotEntry entry);

    /// <summary>Checks that records, names, types, sizes and times agree, without reading contents.</summary>
    IEnumerable<CheckFinding> CheckStructure(CancellationToken cancellationToken);
}
