using Holdfast.Core.Model;

namespace Holdfast.Volumes.Database;

/// <summary>Paths as the database keeps them: '/' becomes NUL, so that SQLite's byte order is the order of paths.</summary>
internal static class PathKey
{
    public static byte[] Of(EntryPath path)
    {
        var key = path.Bytes.ToArray();
        key.AsSpan().Replace((byte)'/', (byte)0);
        return key;
    }

    public static EntryPath ToPath(ReadOnlySpan<byte> key)
    {
        var path = key.Length <= 512 ? stackalloc byte[key.Length] : new byte[key.Length];
        key.Replace(path, (byte)0, (byte)'/');
        return EntryPath.From(path);
    }

    /// <summary>The first key behind everything below the path.</summary>
    public static byte[] Behind(EntryPath path) => [.. Of(path), 1];
}
