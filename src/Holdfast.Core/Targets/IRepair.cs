using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;

namespace Holdfast.Core.Targets;

/// <summary>A target that can put damaged and missing contents right, out of itself and of others that have them.</summary>
public interface IRepair
{
    /// <summary>
    /// Builds missing and damaged records anew out of what the place holds, as far as that tells. Then finds every content that
    /// is not what the records say and replaces it wherever a copy with the recorded hash is. Cut off at any moment, each file is as before or mended, and a further call goes on.
    /// </summary>
    /// <param name="options">How.</param>
    /// <param name="repaired">Gets every damaged file once it is decided what becomes of it.</param>
    /// <param name="cancellationToken">Ends it between two files.</param>
    /// <exception cref="HoldfastException">No such place, locked, or an intact record was named without force.</exception>
    Task RepairAsync(RepairOptions options, Action<Repaired> repaired, CancellationToken cancellationToken);
}

/// <summary>How a place is repaired.</summary>
public sealed record RepairOptions
{
    /// <summary>Read everything back to find the damage; without it sizes and times tell.</summary>
    public bool ReadData { get; init; }

    /// <summary>Look for damage and copies, and write nothing; needs no lock.</summary>
    public bool DryRun { get; init; }

    /// <summary>Ids of snapshots, or their beginnings, whose records are built anew out of what the place holds.</summary>
    public IReadOnlyList<string> Rebuild { get; init; } = [];

    /// <summary>Build those anew that are intact, too. They will know less then.</summary>
    public bool Force { get; init; }

    /// <summary>The client's state folder, whose cache of the place does not count any more; null for none.</summary>
    public string? StateFolder { get; init; }

    /// <summary>Others that may have what is lost, asked in this order, after the place itself.</summary>
    public IReadOnlyList<IContentDonor> Donors { get; init; } = [];

    /// <summary>Who holds the lock, for people.</summary>
    public required string Purpose { get; init; }

    /// <summary>How long to wait for the lock.</summary>
    public TimeSpan Wait { get; init; }
}

/// <summary>A damaged file, contents or a record, and what became of it.</summary>
/// <param name="Path">Where, as people find it in the place.</param>
/// <param name="Problem">What was wrong.</param>
/// <param name="From">Where its contents were taken from; null when they stay lost.</param>
/// <param name="Snapshots">Ids of the snapshots that need it, oldest first.</param>
public sealed record Repaired(string Path, string Problem, string? From, IReadOnlyList<string> Snapshots)
{
    /// <summary>For a record: what is not known any more; null when nothing is.</summary>
    public string? Unknown { get; init; }
}

/// <summary>Somebody else who may have lost contents: the source, or another place. Nothing it says is believed before it was hashed.</summary>
public interface IContentDonor
{
    /// <summary>Files that may hold some of the contents, one after the other; those it cannot reach it passes over.</summary>
    IEnumerable<OfferedContent> Offer(IReadOnlyCollection<WantedContent> wanted, CancellationToken cancellationToken);
}

/// <summary>A content that is looked for.</summary>
/// <param name="Content">Its hash.</param>
/// <param name="Size">Its bytes.</param>
/// <param name="Paths">Where the source had it, at one time or another.</param>
public sealed record WantedContent(ContentId Content, long Size, IReadOnlyCollection<EntryPath> Paths);

/// <summary>A file that may hold a content.</summary>
/// <param name="Content">The content it is offered as.</param>
/// <param name="Where">The file, for people.</param>
/// <param name="Open">Opens it.</param>
public sealed record OfferedContent(ContentId Content, string Where, Func<IFileReader> Open);
