using System.Runtime.InteropServices;

namespace Holdfast.Stores;

/// <summary>A part of an object.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ByteRange
{
    /// <summary>A part of known length.</summary>
    /// <param name="offset">Its first byte, counted from 0.</param>
    /// <param name="length">Bytes; 0 is allowed. Null for all up to the end of the object.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative, or the end is no number any more.</exception>
    public ByteRange(long offset, long? length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        if (length is { } given)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(given, nameof(length));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(given, long.MaxValue - offset, nameof(length));
        }
        (Offset, Length) = (offset, length);
    }

    /// <summary>The whole object.</summary>
    public static ByteRange All => default;

    /// <summary>The first byte.</summary>
    public long Offset { get; }

    /// <summary>Bytes, or null for all up to the end.</summary>
    public long? Length { get; }

    /// <summary>Everything from a byte on.</summary>
    public static ByteRange From(long offset) => new(offset, null);

    /// <summary>How many bytes this is of an object; null when the object ends before.</summary>
    /// <param name="size">Bytes of the object.</param>
    internal long? Of(long size) => Offset > size || Length > size - Offset ? null : Length ?? size - Offset;

    /// <inheritdoc/>
    public override string ToString() => this == All ? "all bytes" : Length is { } length ? $"{length} bytes from {Offset} on" : $"the bytes from {Offset} on";
}
