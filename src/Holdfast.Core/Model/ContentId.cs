using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Holdfast.Core.Model;

/// <summary>The name of a content: the SHA-256 of its bytes (FIPS 180-4). Written as 64 lower-case hexadecimal digits.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly struct ContentId : IEquatable<ContentId>
{
    /// <summary>Length of the binary form in bytes.</summary>
    public const int Size = 32;

    private readonly ulong _a, _b, _c, _d;

    /// <summary>Reads the binary form.</summary>
    /// <param name="hash">Exactly 32 bytes.</param>
    public ContentId(ReadOnlySpan<byte> hash)
    {
        if (hash.Length != Size)
            throw new ArgumentException($"A SHA-256 has 32 bytes, not {hash.Length}.", nameof(hash));
        _a = BinaryPrimitives.ReadUInt64BigEndian(hash);
        _b = BinaryPrimitives.ReadUInt64BigEndian(hash[8..]);
        _c = BinaryPrimitives.ReadUInt64BigEndian(hash[16..]);
        _d = BinaryPrimitives.ReadUInt64BigEndian(hash[24..]);
    }

    /// <summary>Reads 64 hexadecimal digits.</summary>
    /// <exception cref="FormatException">The text is something else.</exception>
    public static ContentId Parse(ReadOnlySpan<char> text) =>
        text.Length == 2 * Size ? new ContentId(Convert.FromHexString(text)) : throw new FormatException($"'{text}' is not a SHA-256: it must have 64 hexadecimal digits.");

    /// <summary>Writes the 32 bytes of the binary form.</summary>
    public void CopyTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, _a);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], _b);
        BinaryPrimitives.WriteUInt64BigEndian(destination[16..], _c);
        BinaryPrimitives.WriteUInt64BigEndian(destination[24..], _d);
    }

    /// <inheritdoc/>
    public bool Equals(ContentId other) => _a == other._a && _b == other._b && _c == other._c && _d == other._d;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ContentId other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _a.GetHashCode();

    /// <inheritdoc/>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Size];
        CopyTo(bytes);
        return Convert.ToHexStringLower(bytes);
    }

    /// <summary>Same content.</summary>
    public static bool operator ==(ContentId a, ContentId b) => a.Equals(b);

    /// <summary>Other content.</summary>
    public static bool operator !=(ContentId a, ContentId b) => !a.Equals(b);
}
