using Holdfast.Mtproto.Tl;

namespace Holdfast.Mtproto.Files;

/// <summary>A file at Telegram.</summary>
/// <param name="Location">How it is asked for.</param>
/// <param name="DataCenter">Where it lies.</param>
/// <param name="Length">Its bytes.</param>
/// <param name="Refresh">Reads the file's message again and gives the location with its new reference; without it an expired reference is an error.</param>
public sealed record FileSource(
    InputFileLocationBase Location,
    int DataCenter,
    long Length,
    Func<CancellationToken, Task<InputFileLocationBase>>? Refresh = null)
{
    /// <summary>A document: any file, video, voice message or sticker.</summary>
    /// <param name="document">From a message.</param>
    /// <param name="refresh">Reads the message again.</param>
    public static FileSource Of(Document document, Func<CancellationToken, Task<Document>>? refresh = null)
    {
        ArgumentNullException.ThrowIfNull(document);
        return new FileSource(LocationOf(document), document.DcId, document.Size, refresh is null ? null : async ct => LocationOf(await refresh(ct)));
    }

    /// <summary>A photo in its largest size.</summary>
    /// <param name="photo">From a message.</param>
    /// <param name="refresh">Reads the message again.</param>
    public static FileSource Of(Photo photo, Func<CancellationToken, Task<Photo>>? refresh = null)
    {
        ArgumentNullException.ThrowIfNull(photo);
        var (type, size) = Largest(photo);
        return new FileSource(LocationOf(photo, type), photo.DcId, size, refresh is null ? null : async ct => LocationOf(await refresh(ct), type));
    }

    private static InputDocumentFileLocation LocationOf(Document d) => new() { Id = d.Id, AccessHash = d.AccessHash, FileReference = d.FileReference, ThumbSize = "" };

    private static InputPhotoFileLocation LocationOf(Photo p, string size) => new() { Id = p.Id, AccessHash = p.AccessHash, FileReference = p.FileReference, ThumbSize = size };

    private static (string Type, long Size) Largest(Photo photo)
    {
        var best = ("", Size: 0L, Area: -1L);
        foreach (var size in photo.Sizes)
        {
            var (type, bytes, area) = size switch
            {
                PhotoSize s => (s.Type, (long)s.Size, (long)s.W * s.H),
                PhotoSizeProgressive s => (s.Type, s.Sizes.Max(), (long)s.W * s.H),
                _ => ("", 0, -1),
            };
            if (area > best.Area) best = (type, bytes, area);
        }
        return best.Area < 0 ? throw new ArgumentException("The photo has no size that can be downloaded.", nameof(photo)) : (best.Item1, best.Size);
    }
}

/// <summary>How to download.</summary>
public sealed record DownloadOptions
{
    /// <summary>Whether every block is compared with the hash Telegram gives for it, where it gives one.</summary>
    public bool VerifyHashes { get; init; } = true;

    /// <summary>Told the bytes that were written.</summary>
    public IProgress<long>? Progress { get; init; }

    /// <summary>Parts of <see cref="FileLimits.DownloadPart"/> bytes that the target already has.</summary>
    public PartSet? Resume { get; init; }

    /// <summary>Told after every written part; keep it for <see cref="Resume"/> once the bytes are durable.</summary>
    public Action<PartSet>? OnState { get; init; }
}
