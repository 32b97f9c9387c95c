using System.Buffers.Binary;
using System.Numerics;

namespace Holdfast.Volumes.Codec;

/// <summary>
/// XXH64 with seed 0 (https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md), the checksum zstd has in its frames: for
/// errors of disks and memory, ten times as fast as SHA-256. Not against anybody who wants a collision.
/// </summary>
internal sealed class XxHash64
{
    private const ulong Prime1 = 0x9E3779B185EBCA87, Prime2 = 0xC2B2AE3D27D4EB4F, Prime3 = 0x165667B19E3779F9, Prime4 = 0x85EBCA77C2B2AE63, Prime5 = 0x27D4EB2F165667C5;
    private const int Stripe = 32;

    private readonly byte[] _rest = new byte[Stripe];
    private ulong _a = unchecked(Prime1 + Prime2), _b = Prime2, _c, _d = unchecked(0 - Prime1);
    private ulong _length;
    private int _used;

    /// <summary>Takes more bytes.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        _length += (ulong)bytes.Length;
        if (_used > 0)
        {
            var part = Math.Min(bytes.Length, Stripe - _used);
            bytes[..part].CopyTo(_rest.AsSpan(_used));
            bytes = bytes[part..];
            _used += part;
            if (_used < Stripe)
                return;
            Consume(_rest);
            _used = 0;
        }
        var whole = bytes.Length / Stripe * Stripe;
        Consume(bytes[..whole]);
        bytes[whole..].CopyTo(_rest);
        _used = bytes.Length - whole;
    }

    /// <summary>The hash of all bytes so far.</summary>
    public ulong Finish()
    {
        unchecked
        {
            var hash = _length < Stripe ? Prime5 : Merged();
            hash += _length;
            ReadOnlySpan<byte> rest = _rest.AsSpan(0, _used);
            for (; rest.Length >= 8; rest = rest[8..])
                hash = (BitOperations.RotateLeft(hash ^ Round(0, BinaryPrimitives.ReadUInt64LittleEndian(rest)), 27) * Prime1) + Prime4;
            for (; rest.Length >= 4; rest = rest[4..])
                hash = (BitOperations.RotateLeft(hash ^ (BinaryPrimitives.ReadUInt32LittleEndian(rest) * Prime1), 23) * Prime2) + Prime3;
            foreach (var b in rest)
                hash = BitOperations.RotateLeft(hash ^ (b * Prime5), 11) * Prime1;
            hash = (hash ^ (hash >> 33)) * Prime2;
            hash = (hash ^ (hash >> 29)) * Prime3;
            return hash ^ (hash >> 32);
        }
    }

    private void Consume(ReadOnlySpan<byte> stripes)
    {
        var (a, b, c, d) = (_a, _b, _c, _d);
        for (; stripes.Length >= Stripe; stripes = stripes[Stripe..])
        {
            a = Round(a, BinaryPrimitives.ReadUInt64LittleEndian(stripes));
            b = Round(b, BinaryPrimitives.ReadUInt64LittleEndian(stripes[8..]));
            c = Round(c, BinaryPrimitives.ReadUInt64LittleEndian(stripes[16..]));
            d = Round(d, BinaryPrimitives.ReadUInt64LittleEndian(stripes[24..]));
        }
        (_a, _b, _c, _d) = (a, b, c, d);
    }

    private ulong Merged()
    {
        var hash = unchecked(BitOperations.RotateLeft(_a, 1) + BitOperations.RotateLeft(_b, 7) + BitOperations.RotateLeft(_c, 12) + BitOperations.RotateLeft(_d, 18));
        foreach (var lane in (ReadOnlySpan<ulong>)[_a, _b, _c, _d])
            hash = unchecked(((hash ^ Round(0, lane)) * Prime1) + Prime4);
        return hash;
    }

    private static ulong Round(ulong lane, ulong input) => unchecked(BitOperations.RotateLeft(lane + (input * Prime2), 31) * Prime1);
}
