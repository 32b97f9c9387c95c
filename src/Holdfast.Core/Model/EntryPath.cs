using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Holdfast.Core.Model;

/// <summary>
/// A path relative to some folder: bytes, components separated by '/', no leading or trailing '/', no "." or "..".
/// The empty path is the folder itself. Names on Linux are bytes, not text, so this type is bytes too.
/// </summary>
/// <remarks>
/// Order is component by component ("a" &lt; "a/x" &lt; "a!"), which is the order of a walk that sorts the names of
/// each folder by their bytes. A name never holds NUL, so reading '/' as 0 while comparing gives exactly that order.
/// </remarks>
[SuppressMessage("Design", "CA1036", Justification = "Compared by CompareTo; operators would hide that it is byte order.")]
public readonly struct EntryPath : IEquatable<EntryPath>, IComparable<EntryPath>
{
    private const byte Separator = (byte)'/';

    // NUL-terminated, so that a system call takes it without a copy.
    private readonly byte[]? _bytes;

    private EntryPath(byte[] nulTerminated) => _bytes = nulTerminated;

    /// <summary>The folder itself.</summary>
    public static EntryPath Root => default;

    /// <summary>The bytes, without a terminator.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes is null ? default : _bytes.AsSpan(0, _bytes.Length - 1);

    /// <summary>The bytes followed by one NUL; "." for the root, which is what system calls call it.</summary>
    public ReadOnlySpan<byte> NulTerminated => _bytes is null ? "."u8 : _bytes;

    /// <summary>True for the folder itself.</summary>
    public bool IsRoot => _bytes is null;

    /// <summary>Length in bytes.</summary>
    public int Length => _bytes is null ? 0 : _bytes.Length - 1;

    /// <summary>The last component; empty for the root.</summary>
    public ReadOnlySpan<byte> Name
    {
        get
        {
            var bytes = Bytes;
            return bytes[(bytes.LastIndexOf(Separator) + 1)..];
        }
    }

    /// <summary>The path of the folder that holds this entry; the root's parent is the root.</summary>
    public EntryPath Parent
    {
        get
        {
            var bytes = Bytes;
            var slash = bytes.LastIndexOf(Separator);
            return slash < 0 ? Root : FromValid(bytes[..slash]);
        }
    }

    /// <summary>The number of components; 0 for the root.</summary>
    public int Depth => IsRoot ? 0 : Bytes.Count(Separator) + 1;

    /// <summary>Makes a path of bytes. Doubled, leading and trailing separators and "." components are dropped.</summary>
    /// <exception cref="ArgumentException">A component is "..", or a byte is NUL.</exception>
    public static EntryPath From(ReadOnlySpan<byte> bytes)
    {
        if (IsNormal(bytes))
            return FromValid(bytes);

        var normal = new List<byte>(bytes.Length);
        foreach (var range in bytes.Split(Separator))
        {
            var part = bytes[range];
            if (part.IsEmpty || part.SequenceEqual("."u8))
                continue;
            if (part.SequenceEqual(".."u8))
                throw new ArgumentException($"'{Encoding.UTF8.GetString(bytes)}' leads out of its folder: '..' is not allowed here.", nameof(bytes));
            if (part.Contains((byte)0))
                throw new ArgumentException("A path cannot hold a NUL byte.", nameof(bytes));
            if (normal.Count > 0)
                normal.Add(Separator);
            normal.AddRange(part);
        }
        return FromValid(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(normal));
    }

    /// <summary>Makes a path of text, as UTF-8.</summary>
    /// <exception cref="ArgumentException">A component is "..", or a character is NUL.</exception>
    public static EntryPath From(string text) => From(Encoding.UTF8.GetBytes(text));

    /// <summary>The path of an entry in this folder.</summary>
    /// <param name="name">One component; the caller vouches for it, as it comes from a listing.</param>
    public EntryPath Child(ReadOnlySpan<byte> name)
    {
        if (_bytes is null)
            return FromValid(name);
        var joined = new byte[_bytes.Length + name.Length + 1];
        Bytes.CopyTo(joined);
        joined[_bytes.Length - 1] = Separator;
        name.CopyTo(joined.AsSpan(_bytes.Length));
        return new EntryPath(joined);
    }

    /// <summary>This path below another one: <c>a</c>.Under(<c>x/y</c>) is <c>x/y/a</c>.</summary>
    public EntryPath Under(EntryPath folder) => IsRoot ? folder : folder.Child(Bytes);

    /// <summary>This path as seen from <paramref name="folder"/>, which must be the path itself or hold it.</summary>
    public EntryPath RelativeTo(EntryPath folder)
    {
        if (folder.IsRoot)
            return this;
        if (Equals(folder))
            return Root;
        return IsUnder(folder)
            ? FromValid(Bytes[(folder.Length + 1)..])
            : throw new ArgumentException($"'{this}' does not lie under '{folder}'.", nameof(folder));
    }

    /// <summary>True when this path lies below <paramref name="folder"/>; false when it is the same.</summary>
    public bool IsUnder(EntryPath folder)
    {
        if (IsRoot)
            return false;
        if (folder.IsRoot)
            return true;
        var bytes = Bytes;
        return bytes.Length > folder.Length && bytes[folder.Length] == Separator && bytes.StartsWith(folder.Bytes);
    }

    /// <summary>True when this path is <paramref name="folder"/> or lies below it.</summary>
    public bool IsAtOrUnder(EntryPath folder) => Equals(folder) || IsUnder(folder);

    /// <inheritdoc/>
    public int CompareTo(EntryPath other)
    {
        var a = Bytes;
        var b = other.Bytes;
        var common = a.CommonPrefixLength(b);
        if (common == a.Length || common == b.Length)
            return a.Length.CompareTo(b.Length);
        var x = a[common] == Separator ? 0 : a[common];
        var y = b[common] == Separator ? 0 : b[common];
        return x.CompareTo(y);
    }

    /// <inheritdoc/>
    public bool Equals(EntryPath other) => Bytes.SequenceEqual(other.Bytes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is EntryPath other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(Bytes);
        return hash.ToHashCode();
    }

    /// <summary>For people: UTF-8 text, with control characters and bytes that are not UTF-8 as \xNN and '\' as '\\'.</summary>
    public override string ToString() => IsRoot ? "." : PathText.ForPeople(Bytes);

    /// <summary>Same path.</summary>
    public static bool operator ==(EntryPath a, EntryPath b) => a.Equals(b);

    /// <summary>Another path.</summary>
    public static bool operator !=(EntryPath a, EntryPath b) => !a.Equals(b);

    private static EntryPath FromValid(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return Root;
        var copy = new byte[bytes.Length + 1];
        bytes.CopyTo(copy);
        return new EntryPath(copy);
    }

    private static bool IsNormal(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Contains((byte)0))
            return false;
        while (!bytes.IsEmpty)
        {
            var end = bytes.IndexOf(Separator);
            var part = end < 0 ? bytes : bytes[..end];
            if (part.IsEmpty || end == bytes.Length - 1 || (part[0] == (byte)'.' && (part.Length == 1 || (part.Length == 2 && part[1] == (byte)'.'))))
                return false;
            bytes = end < 0 ? default : bytes[(end + 1)..];
        }
        return true;
    }
}
