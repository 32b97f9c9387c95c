using System.Buffers;
using Holdfast.Mtproto.Tl;

namespace Holdfast.Mtproto.Files;

/// <summary>A downloaded part in pooled memory.</summary>
internal readonly struct FilePart(byte[]? array, int length) : IDisposable
{
    public ReadOnlyMemory<byte> Bytes => array.AsMemory(0, length);

    public void Dispose()
    {
        if (array is not null) ArrayPool<byte>.Shared.Return(array);
    }
}

/// <summary>upload.getFile whose bytes go straight from the decrypted packet into a pooled buffer.</summary>
internal sealed record GetFilePart(InputFileLocationBase Location, long Offset, int Limit) : ITlMethod<FilePart>
{
    private const uint UploadFileId = 0x096a18d5;
    private const uint CdnRedirectId = 0xf18cda44;

    public string Method => "upload.getFile";

    // cdn_supported is never set, so a server that follows the documents sends the file itself and no redirect.
    public void WriteTo(TlWriter w) => new UploadGetFile { Location = Location, Offset = Offset, Limit = Limit }.WriteTo(w);

    public FilePart ReadResult(ref TlReader r)
    {
        var id = r.UInt32();
        if (id == CdnRedirectId) throw new TlException("Telegram sends this file from a CDN data centre only, which this client does not use although it asked for the plain way. Fetch the file with another app.");
        if (id != UploadFileId) throw TlException.Unknown(id, "file part");
        StorageFileType.ReadFrom(ref r);
        r.Int32();
        var bytes = r.BytesSpan();
        var array = ArrayPool<byte>.Shared.Rent(Math.Max(1, bytes.Length));
        bytes.CopyTo(array);
        return new FilePart(array, bytes.Length);
    }
}
