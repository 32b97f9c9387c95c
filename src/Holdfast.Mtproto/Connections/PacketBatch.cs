using Holdfast.Mtproto.Crypto;
using Holdfast.Mtproto.KeyExchange;
using Holdfast.Mtproto.Tl;

namespace Holdfast.Mtproto.Connections;

/// <summary>Packets that are encrypted side by side and sent one after the other. Used again and again by one loop.</summary>
internal sealed class PacketBatch(Direction direction) : IDisposable
{
    private const int BeginWith = 4 << 10;
    private readonly TlWriter[] _writers = new TlWriter[AesIgeSideBySide.Most];
    private readonly Memory<byte>[] _inner = new Memory<byte>[AesIgeSideBySide.Most];
    private readonly int[] _lengths = new int[AesIgeSideBySide.Most];
    private readonly byte[] _keysAndIvs = new byte[AesIgeSideBySide.Most * AesIgeSideBySide.KeyAndIv];

    public int Count { get; private set; }

    public bool IsFull => Count == AesIgeSideBySide.Most;

    /// <summary>A writer with room for the head; the body is written behind it. It stands until <see cref="Add"/>, or the next call of this.</summary>
    public TlWriter Next()
    {
        var w = _writers[Count] ??= new TlWriter(BeginWith);
        w.Clear();
        w.Reserve(PacketCipher.Head);
        return w;
    }

    /// <summary>The body is complete.</summary>
    public void Add(AuthKey key, MessageHead head)
    {
        _lengths[Count] = PacketCipher.Prepare(_writers[Count], key, head, direction, _keysAndIvs.AsSpan(Count * AesIgeSideBySide.KeyAndIv), out _inner[Count]);
        Count++;
    }

    public void Encrypt() => AesIgeSideBySide.Encrypt(_inner.AsSpan(0, Count), _keysAndIvs);

    /// <returns>The packet with room for the frame's head and tail, and its length without them.</returns>
    public (Memory<byte> Packet, int Length) this[int number] => (_writers[number].WrittenMemory, _lengths[number]);

    /// <summary>All are sent: their memory goes back to the pool.</summary>
    public void Clear()
    {
        for (var i = 0; i < _writers.Length; i++)
        {
            _writers[i]?.Dispose();
            _writers[i] = null!;
            _inner[i] = default;
        }
        Count = 0;
    }

    public void Dispose() => Clear();
}
