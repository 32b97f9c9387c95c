using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;

namespace Holdfast.Core.Sources;

/// <summary>The Cache Directory Tagging Specification (bford.info/cachedir): a file CACHEDIR.TAG that begins with a fixed signature.</summary>
internal static class CacheTag
{
    private static readonly EntryPath TagName = EntryPath.From("CACHEDIR.TAG");

    private static ReadOnlySpan<byte> Signature => "Signature: 8a477f597d28d172789f06886806bc55"u8;

    public static bool MarksCache(IFolderReader folder, FolderListing listing)
    {
        if (!listing.Contains(TagName.Bytes))
            return false;
        try
        {
            using var file = folder.OpenFile(TagName);
            Span<byte> start = stackalloc byte[Signature.Length];
            return file.Stat().Type == EntryType.File && file.Read(0, start) == start.Length && start.SequenceEqual(Signature);
        }
        catch (FileSystemException)
        {
            return false; // A tag that cannot be read excludes nothing: better one cache too many than a folder too few.
        }
    }
}
