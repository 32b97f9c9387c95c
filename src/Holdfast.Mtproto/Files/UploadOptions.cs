namespace Holdfast.Mtproto.Files;

/// <summary>How to upload.</summary>
public sealed record UploadOptions
{
    /// <summary>Premium accounts may send files of twice the size.</summary>
    public bool IsPremium { get; init; }

    /// <summary>Told the bytes that have arrived.</summary>
    public IProgress<long>? Progress { get; init; }

    /// <summary>An upload that was begun before, of the same bytes; the stream must be able to seek.</summary>
    public UploadState? Resume { get; init; }

    /// <summary>Told now and then how far it is, so that the caller can keep it for <see cref="Resume"/>.</summary>
    public Action<UploadState>? OnState { get; init; }
}

/// <summary>How far an upload is. Telegram keeps parts for some hours.</summary>
/// <param name="FileId">The upload's number.</param>
/// <param name="Length">The file's bytes.</param>
/// <param name="Parts">Which parts have arrived, as <see cref="PartSet.ToBytes"/> gives it.</param>
public sealed record UploadState(long FileId, long Length, byte[] Parts);
