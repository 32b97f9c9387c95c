using Holdfast.Core.Model;

namespace Holdfast.Core.Catalog;

/// <summary>A path as the catalog stores it: '/' as NUL, which no name holds, so that byte order is path order.</summary>
public static class StoredPath
{
    /// <summary>To its stored form.</summary>
    public static byte[] Write(EntryPath path)
    {
        var bytes = path.Bytes.ToArray();
        bytes.AsSpan().Replace((byte)'/', (byte)0);
        return bytes;
    }

    /// <summary>From its stored form, which is changed on the way.</summary>
    public static EntryPath Read(byte[] stored)
    {
        stored.AsSpan().Replace((byte)0, (byte)'/');
        return EntryPath.From(stored);
    }
}
