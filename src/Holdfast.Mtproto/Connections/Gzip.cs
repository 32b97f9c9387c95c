using System.IO.Compression;
using Holdfast.Mtproto.Tl;

namespace Holdfast.Mtproto.Connections;

/// <summary>gzip_packed: a compressed object in place of an object.</summary>
internal static class Gzip
{
    public const uint Id = 0x3072cfa1;

    // Far above any answer of the API, far below what would hurt: a packed bomb ends here.
    private const int MaxUnpacked = 64 << 20;

    public static byte[] Unpack(ReadOnlySpan<byte> packed)
    {
        using var source = new MemoryStream(packed.ToArray());
        // The servers take both containers, and some clients send zlib's.
        using Stream inflater = packed.Length > 0 && packed[0] == 0x1f ? new GZipStream(source, CompressionMode.Decompress) : new ZLibStream(source, CompressionMode.Decompress);
        using var target = new MemoryStream();
        var block = new byte[16 << 10];
        try
        {
            for (int count; (count = inflater.Read(block)) > 0;)
            {
                target.Write(block, 0, count);
                if (target.Length > MaxUnpacked) throw new TlException($"A packed object unpacks to more than {MaxUnpacked} bytes.");
            }
        }
        catch (InvalidDataException e)
        {
            throw new TlException("A packed object is damaged: " + e.Message);
        }
        return target.ToArray();
    }

    /// <summary>Writes <paramref name="body"/> packed where that makes it shorter.</summary>
    public static void WritePacked(TlWriter w, ReadOnlySpan<byte> body)
    {
        using var target = new MemoryStream();
        using (var deflater = new GZipStream(target, CompressionLevel.Fastest, leaveOpen: true)) deflater.Write(body);
        if (target.Length + 8 >= body.Length)
        {
            w.Raw(body);
            return;
        }
        w.UInt32(Id);
        w.Bytes(target.GetBuffer().AsSpan(0, (int)target.Length));
    }
}
