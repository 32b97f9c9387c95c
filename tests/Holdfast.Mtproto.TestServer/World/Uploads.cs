using System.Security.Cryptography;
using Holdfast.Mtproto.TestServer.Api;
using Holdfast.Mtproto.TestServer.Wire;
using Holdfast.Mtproto.Tl;

namespace Holdfast.Mtproto.TestServer.World;

/// <summary>A finished upload.</summary>
internal sealed record Upload(ReadOnlyMemory<byte>[] Parts, int PartSize, string Name)
{
    public byte[] Join() => [.. Parts.SelectMany(p => p.ToArray())];
}

/// <summary>Parts on their way, with the limits of https://core.telegram.org/api/files.</summary>
internal sealed class Uploads(TelegramServer server)
{
    private const int MaxPart = 512 << 10;
    private const int SmallLimit = 10 << 20;
    private const int MaxParts = 4000;
    private const int MaxPartsPremium = 8000;
    private readonly Dictionary<(long User, long FileId), SortedDictionary<int, ReadOnlyMemory<byte>>> _uploads = [];
    private readonly Lock _gate = new();

    /// <summary>Parts that were sent although the server had them: the waste a client should avoid.</summary>
    public int Repeated { get; private set; }

    public bool Save(CallContext c, long fileId, int part, ReadOnlyMemory<byte> bytes, int? total)
    {
        var account = c.Me;
        if (bytes.Length == 0) throw new RpcFault(400, "FILE_PART_EMPTY");
        if (bytes.Length > MaxPart) throw new RpcFault(400, "FILE_PART_TOO_BIG");
        var most = account.IsPremium ? MaxPartsPremium : MaxParts;
        if (part < 0 || part >= most) throw new RpcFault(400, "FILE_PART_INVALID");
        if (total is { } t && (t == 0 || t > most || t < -1 || (t > 0 && part >= t))) throw new RpcFault(400, "FILE_PARTS_INVALID");
        lock (_gate)
        {
            if (!_uploads.TryGetValue((account.Id, fileId), out var parts)) _uploads[(account.Id, fileId)] = parts = [];
            if (parts.ContainsKey(part))
            {
                Repeated++;
                server.Log($"part {part} of {fileId} came again");
            }
            parts[part] = bytes;
        }
        return true;
    }

    /// <summary>Forgets parts, as the real server does after some hours.</summary>
    public void Expire()
    {
        lock (_gate) _uploads.Clear();
    }

    public void Forget(long fileId, int part)
    {
        lock (_gate)
        {
            foreach (var (key, parts) in _uploads)
                if (key.FileId == fileId) parts.Remove(part);
        }
    }

    public Upload Take(CallContext c, InputFileBase file)
    {
        var (id, count, name, checksum, isBig) = file switch
        {
            InputFile f => (f.Id, f.Parts, f.Name, f.Md5Checksum, false),
            InputFileBig f => (f.Id, f.Parts, f.Name, "", true),
            _ => throw new RpcFault(400, "MEDIA_INVALID"),
        };
        SortedDictionary<int, ReadOnlyMemory<byte>>? parts;
        lock (_gate)
        {
            _uploads.TryGetValue((c.Me.Id, id), out parts);
            if (count <= 0 || parts is null) throw new RpcFault(400, "FILE_PARTS_INVALID");
            for (var i = 0; i < count; i++)
                if (!parts.ContainsKey(i)) throw new RpcFault(400, $"FILE_PART_{i}_MISSING");
            Check(parts, count);
            if (!isBig && parts.Values.Sum(p => (long)p.Length) > SmallLimit) throw new RpcFault(400, "FILE_PARTS_INVALID");
            _uploads.Remove((c.Me.Id, id));
        }
        ReadOnlyMemory<byte>[] all = [.. parts.Values.Take(count)];
        if (checksum.Length > 0 && !string.Equals(checksum, Md5(all), StringComparison.OrdinalIgnoreCase)) throw new RpcFault(400, "MD5_CHECKSUM_INVALID");
        server.Log($"upload of {all.Sum(p => (long)p.Length)} bytes in {count} parts");
        return new Upload(all, all[0].Length, name);
    }

    /// <summary>All parts have the first one's size, which divides 512 KiB into whole KiB; the last may be shorter.</summary>
    private static void Check(SortedDictionary<int, ReadOnlyMemory<byte>> parts, int count)
    {
        var size = parts[0].Length;
        if (count > 1 && (size % 1024 != 0 || MaxPart % size != 0)) throw new RpcFault(400, "FILE_PART_SIZE_INVALID");
        for (var i = 1; i < count; i++)
            if (parts[i].Length > size || (i < count - 1 && parts[i].Length != size)) throw new RpcFault(400, "FILE_PART_SIZE_CHANGED");
    }

    private static string Md5(IEnumerable<ReadOnlyMemory<byte>> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        foreach (var part in parts) hash.AppendData(part.Span);
        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
