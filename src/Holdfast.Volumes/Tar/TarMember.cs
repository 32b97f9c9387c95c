using Holdfast.Core.Model;

namespace Holdfast.Volumes.Tar;

/// <summary>One member of a tar archive, as its headers describe it.</summary>
/// <param name="Entry">Path, type, metadata; of a file, <see cref="Entry.Size"/> is its real size, holes included.</param>
internal sealed record TarMember(Entry Entry)
{
    /// <summary>The path of the member this one is a further name of, or null.</summary>
    public EntryPath? HardLinkTo { get; init; }

    /// <summary>The stretches that hold data, when the file has holes; null when all is data.</summary>
    public IReadOnlyList<DataStretch>? Data { get; init; }

    /// <summary>True for what Holdfast writes about the volume itself.</summary>
    public bool IsAboutVolume { get; init; }

    /// <summary>True for a part of a file that is larger than a volume may be.</summary>
    public bool IsPart { get; init; }

    /// <summary>Where the member's first header begins, in bytes from the start of the archive.</summary>
    public long Position { get; init; }

    /// <summary>Bytes of data that follow the headers: of a file with holes, the data stretches without the map.</summary>
    public long DataLength { get; init; }
}

/// <summary>A stretch of a file that is no hole.</summary>
/// <param name="Start">Position in the file, in bytes.</param>
/// <param name="Length">Bytes.</param>
internal readonly record struct DataStretch(long Start, long Length)
{
    /// <summary>The position behind it.</summary>
    public long End => Start + Length;
}
