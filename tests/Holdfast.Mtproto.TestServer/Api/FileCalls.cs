using System.Security.Cryptography;
using Holdfast.Mtproto.TestServer.Wire;
using Holdfast.Mtproto.TestServer.World;
using Holdfast.Mtproto.Tl;

namespace Holdfast.Mtproto.TestServer.Api;

/// <summary>Moving the bytes of files, with the limits of https://core.telegram.org/api/files.</summary>
internal static class FileCalls
{
    private const int HashBlock = 128 << 10;
    private const int MaxChunk = 1 << 20;
    private const int HashesAtOnce = 64;

    public static void Register(ApiCalls calls)
    {
        calls.On<UploadSaveFilePart>((c, m) => c.Server.Uploads.Save(c, m.FileId, m.FilePart, m.Bytes, null));
        calls.On<UploadSaveBigFilePart>((c, m) => c.Server.Uploads.Save(c, m.FileId, m.FilePart, m.Bytes, m.FileTotalParts));
        calls.On<UploadGetFile>(GetFile);
        calls.On<UploadGetFileHashes>(GetHashes);
    }

    public static bool IsBulk(ITlObject method) => method is UploadSaveFilePart or UploadSaveBigFilePart or UploadGetFile or UploadGetFileHashes;

    private static ITlObject GetFile(CallContext c, UploadGetFile m)
    {
        _ = c.Me;
        Check(m);
        var (file, bytes) = Locate(c, m.Location);
        if (file.DataCenter != c.Session.Key.DataCenter) throw new RpcFault(303, $"FILE_MIGRATE_{file.DataCenter}");
        if ((m.CdnSupported && c.Server.RedirectsToCdn) || c.Server.InsistsOnCdn)
            return new UploadFileCdnRedirect { DcId = 203, FileToken = new byte[8], EncryptionKey = new byte[32], EncryptionIv = new byte[16], FileHashes = [] };
        var part = bytes is { } small ? [Slice(small, m.Offset, m.Limit)] : file.Read(m.Offset, m.Limit);
        if (c.Server.Faults.SpoilPart?.Invoke(m.Offset) == true) Spoil(part);
        c.Server.CountPart();
        return new FileSlice(file.IsPhoto ? new StorageFileJpeg() : new StorageFileUnknown(), file.Date, part);
    }

    private static void Spoil(List<ReadOnlyMemory<byte>> pieces)
    {
        if (pieces.Sum(p => p.Length) == 0) return;
        var spoiled = pieces[0].ToArray();
        spoiled[spoiled.Length / 2] ^= 0x55;
        pieces[0] = spoiled;
    }

    private static void Check(UploadGetFile m)
    {
        var unit = m.Precise ? 1024 : 4096;
        if (m.Offset < 0 || m.Offset % unit != 0) throw new RpcFault(400, "OFFSET_INVALID");
        if (m.Limit is <= 0 or > MaxChunk || m.Limit % unit != 0 || (!m.Precise && MaxChunk % m.Limit != 0)) throw new RpcFault(400, "LIMIT_INVALID");
        if (m.Offset / MaxChunk != (m.Offset + m.Limit - 1) / MaxChunk) throw new RpcFault(400, "LIMIT_INVALID");
    }

    private static (StoredFile File, ReadOnlyMemory<byte>? Thumbnail) Locate(CallContext c, InputFileLocationBase location)
    {
        var (id, hash, reference, size) = location switch
        {
            InputDocumentFileLocation d => (d.Id, d.AccessHash, d.FileReference, d.ThumbSize),
            InputPhotoFileLocation p => (p.Id, p.AccessHash, p.FileReference, p.ThumbSize),
            _ => throw new RpcFault(400, "LOCATION_INVALID"),
        };
        lock (c.World.Gate)
        {
            var file = c.World.FileOf(id, hash);
            c.World.CheckReference(reference.Span, id);
            return (file, location is InputDocumentFileLocation && size.Length > 0 ? file.Thumbnail : default(ReadOnlyMemory<byte>?));
        }
    }

    private static ReadOnlyMemory<byte> Slice(ReadOnlyMemory<byte> bytes, long offset, int limit) =>
        offset >= bytes.Length ? default : bytes.Slice((int)offset, (int)Math.Min(limit, bytes.Length - offset));

    private static ITlObject[] GetHashes(CallContext c, UploadGetFileHashes m)
    {
        _ = c.Me;
        var (file, thumbnail) = Locate(c, m.Location);
        if (thumbnail is not null) return [];
        if (file.DataCenter != c.Session.Key.DataCenter) throw new RpcFault(303, $"FILE_MIGRATE_{file.DataCenter}");
        var hashes = new List<ITlObject>();
        using var sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var offset = m.Offset / HashBlock * HashBlock; offset < file.Size && hashes.Count < HashesAtOnce; offset += HashBlock)
        {
            var block = file.Read(offset, HashBlock);
            foreach (var piece in block) sha256.AppendData(piece.Span);
            hashes.Add(new FileHash { Offset = offset, Limit = block.Sum(p => p.Length), Hash = sha256.GetHashAndReset() });
        }
        return [.. hashes];
    }
}
