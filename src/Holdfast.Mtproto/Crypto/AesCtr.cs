using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using X86Aes = System.Runtime.Intrinsics.X86.Aes;

namespace Holdfast.Mtproto.Crypto;

/// <summary>AES-256 in counter mode as one endless stream, for obfuscated transports. Not safe for several threads.</summary>
internal sealed class AesCtr : IDisposable
{
    private const int Block = 16;
    private readonly Aes? _portable;
    private readonly Vector128<byte>[] _keys = new Vector128<byte>[Aes256Keys.Rounds + 1];
    private UInt128 _counter;
    private readonly byte[] _keyStream = new byte[256 * Block];
    private int _used;

    /// <param name="key">32 bytes.</param>
    /// <param name="counter">16 bytes, big-endian: the first block's.</param>
    /// <param name="isPortable">Tests: does without the processor's instructions.</param>
    public AesCtr(ReadOnlySpan<byte> key, ReadOnlySpan<byte> counter, bool isPortable = false)
    {
        if (X86Aes.IsSupported && !isPortable)
        {
            Aes256Keys.Expand(key, _keys);
        }
        else
        {
            _portable = Aes.Create();
            _portable.SetKey(key);
        }
        _counter = BinaryPrimitives.ReadUInt128BigEndian(counter);
        _used = _keyStream.Length;
    }

    /// <summary>Encrypts or decrypts in place; the stream goes on where it stopped.</summary>
    public void Apply(Span<byte> data)
    {
        while (data.Length > 0)
        {
            if (_used == _keyStream.Length) Refill();
            var count = Math.Min(data.Length, _keyStream.Length - _used);
            Xor(data[..count], _keyStream.AsSpan(_used, count));
            _used += count;
            data = data[count..];
        }
    }

    public void Dispose() => _portable?.Dispose();

    private void Refill()
    {
        var blocks = MemoryMarshal.Cast<byte, Vector128<byte>>(_keyStream.AsSpan());
        Count(blocks);
        // A library's call has a fixed cost, which at 4 KiB a time was more than the encryption itself.
        if (_portable is { } aes) aes.EncryptEcb(_keyStream, _keyStream, PaddingMode.None);
        else Aes256Blocks.Encrypt(blocks, _keys);
        _used = 0;
    }

    /// <summary>Fills in the next values of the counter, big-endian.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Count(Span<Vector128<byte>> blocks)
    {
        var (high, low) = ((ulong)(_counter >> 64), (ulong)_counter);
        _counter += (ulong)blocks.Length;
        for (var i = 0; i < blocks.Length; i++)
        {
            blocks[i] = Vector128.Create(BigEndian(high), BigEndian(low)).AsByte();
            if (++low == 0) high++;
        }
    }

    private static ulong BigEndian(ulong value) => BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Xor(Span<byte> data, ReadOnlySpan<byte> keyStream)
    {
        var wide = Vector<byte>.Count;
        var i = 0;
        for (; i <= data.Length - wide; i += wide)
            (new Vector<byte>(data[i..]) ^ new Vector<byte>(keyStream[i..])).CopyTo(data[i..]);
        for (; i < data.Length; i++) data[i] ^= keyStream[i];
    }
}
