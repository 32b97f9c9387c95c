namespace Holdfast.Volumes.Codec;

/// <summary>Compresses by libzstd on all cores, with a checksum of the contents at the end of the frame.</summary>
internal sealed class ZstdEncoding : EncodingStream
{
    private const int Level = 3;

    private readonly EncodingStream _below;
    private readonly byte[] _out = new byte[256 * 1024];
    private nint _context;

    public ZstdEncoding(EncodingStream below)
    {
        _below = below;
        _context = Zstd.Present(Zstd.ZSTD_createCCtx);
        Zstd.Checked(Zstd.ZSTD_CCtx_setParameter(_context, Zstd.CompressionLevel, Level));
        Zstd.Checked(Zstd.ZSTD_CCtx_setParameter(_context, Zstd.ChecksumFlag, 1));
        // A library built without threads refuses this, and compresses on one.
        _ = Zstd.ZSTD_CCtx_setParameter(_context, Zstd.Workers, Environment.ProcessorCount);
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer) => Run(buffer, Zstd.Continue);

    /// <inheritdoc/>
    public override void Complete()
    {
        Run([], Zstd.End);
        _below.Complete();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (_context != 0)
            _ = Zstd.ZSTD_freeCCtx(_context);
        _context = 0;
        if (disposing)
            _below.Dispose();
        base.Dispose(disposing);
    }

    private unsafe void Run(ReadOnlySpan<byte> bytes, int operation)
    {
        fixed (byte* from = bytes)
        fixed (byte* to = _out)
        {
            var input = new Zstd.Buffer { Start = (nint)from, Size = (nuint)bytes.Length };
            while (true)
            {
                var output = new Zstd.Buffer { Start = (nint)to, Size = (nuint)_out.Length };
                var left = Zstd.Checked(Zstd.ZSTD_compressStream2(_context, ref output, ref input, operation));
                if (output.Position > 0)
                    _below.Write(_out.AsSpan(0, (int)output.Position));
                if (operation == Zstd.End ? left == 0 : input.Position == input.Size)
                    return;
            }
        }
    }
}
