using System.Buffers;
using System.Collections.Concurrent;
using Microsoft.AspNetCore.Connections;

namespace Holdfast.Server;

/// <summary>
/// What comes over the network is taken from the system in larger steps than the framework's 4 KiB: whole files come, and each
/// step is a system call. A connection that waits has no buffer.
/// </summary>
internal sealed class NetworkBuffers : IMemoryPoolFactory<byte>
{
    public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => new Pool();

    private sealed class Pool : MemoryPool<byte>
    {
        private const int Size = 64 * 1024, MostKept = 128;

        private readonly ConcurrentQueue<Block> _free = new();

        public override int MaxBufferSize => Size;

        public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, Size);
            if (!_free.TryDequeue(out var block))
                block = new Block(this);
            return block.Lend();
        }

        protected override void Dispose(bool disposing) => _free.Clear();

        private void Return(Block block)
        {
            if (_free.Count < MostKept)
                _free.Enqueue(block);
        }

        private sealed class Block(Pool pool) : IMemoryOwner<byte>
        {
            // Pinned: the system writes into it while nobody waits.
            private readonly byte[] _bytes = GC.AllocateUninitializedArray<byte>(Size, pinned: true);

            private int _isLent;

            public Memory<byte> Memory => _bytes;

            public Block Lend()
            {
                Volatile.Write(ref _isLent, 1);
                return this;
            }

            public void Dispose()
            {
                if (Interlocked.Exchange(ref _isLent, 0) == 1)
                    pool.Return(this);
            }
        }
    }
}
