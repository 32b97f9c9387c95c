using Holdfast.Core.Model;

namespace Holdfast.Core.Catalog;

/// <summary>A path as the catalog stores it: '/' as NUL, which no name holds, so that byte order is path order.</summary>
internal static class StoredPath
{
    public static byte[] Write(EntryPath path)
    {
        var bytes = path.Bytes.ToArray();
        bytes.AsSpan().Replace((byte)'/', (byte)0);
        return bytes;
    }

    public static EntryPath Read(byte[] stored)
    {
        stored.AsSpan().Replace((byte)0, (byte)'/');
        return EntryPath.From(stored);
    }
}
