using Holdfast.Mtproto.Tl;

namespace Holdfast.Mtproto.TestServer.World;

/// <summary>The bytes of a file, as a list of uploaded parts.</summary>
internal sealed class StoredFile(long id, ReadOnlyMemory<byte>[] parts, int partSize, int dataCenter, int date, bool isPhoto)
{
    public long Id => id;

    public int DataCenter => dataCenter;

    public int Date => date;

    public bool IsPhoto => isPhoto;

    public int PartSize => partSize;

    public IReadOnlyList<ReadOnlyMemory<byte>> Parts => parts;

    public long Size { get; } = parts.Sum(p => (long)p.Length);

    public string MimeType { get; init; } = "application/octet-stream";

    public DocumentAttribute[] Attributes { get; init; } = [];

    public ReadOnlyMemory<byte> Thumbnail { get; init; }

    /// <summary>The bytes from there on, where they lie: as many pieces as parts are touched.</summary>
    public List<ReadOnlyMemory<byte>> Read(long offset, int count)
    {
        var pieces = new List<ReadOnlyMemory<byte>>();
        for (var end = Math.Min(Size, offset + count); offset < end;)
        {
            var piece = parts[(int)(offset / partSize)][(int)(offset % partSize)..];
            if (piece.Length > end - offset) piece = piece[..(int)(end - offset)];
            pieces.Add(piece);
            offset += piece.Length;
        }
        return pieces;
    }

    public Document ToDocument(byte[] reference) => new()
    {
        Id = id,
        AccessHash = AccessHashes.Of(id),
        FileReference = reference,
        Date = date,
        MimeType = MimeType,
        Size = Size,
        DcId = dataCenter,
        Attributes = Attributes,
        Thumbs = Thumbnail.Length == 0 ? null : [new PhotoSize { Type = "m", W = 320, H = 320, Size = Thumbnail.Length }],
    };

    /// <summary>Three sizes: a few bytes inline, and two that are fetched. There is no image library here, so both are the uploaded bytes.</summary>
    public Photo ToPhoto(byte[] reference) => new()
    {
        Id = id,
        AccessHash = AccessHashes.Of(id),
        FileReference = reference,
        Date = date,
        DcId = dataCenter,
        Sizes =
        [
            new PhotoStrippedSize { Type = "i", Bytes = new byte[] { 1, 24, 40 } },
            new PhotoSize { Type = "m", W = 320, H = 240, Size = (int)Size },
            new PhotoSize { Type = "y", W = 1280, H = 960, Size = (int)Size },
        ],
    };
}
