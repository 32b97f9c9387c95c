namespace Holdfast.Volumes.Codec;

/// <summary>Undoes <see cref="ZstdEncoding"/>, or what any zstd wrote.</summary>
internal sealed class ZstdDecoding : DecodingStream
{
    private readonly Stream _below;
    private readonly byte[] _in = new byte[256 * 1024];
    private nint _context = Zstd.Present(Zstd.ZSTD_createDCtx);
    private int _at, _end;
    private nuint _wanted;

    public ZstdDecoding(Stream below) => _below = below;

    /// <inheritdoc/>
    public override unsafe int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty)
            return 0;
        fixed (byte* to = buffer)
        fixed (byte* from = _in)
            while (true)
            {
                var output = new Zstd.Buffer { Start = (nint)to, Size = (nuint)buffer.Length };
                var input = new Zstd.Buffer { Start = (nint)from, Size = (nuint)_end, Position = (nuint)_at };
                _wanted = _at < _end || _wanted > 0 ? Zstd.Checked(Zstd.ZSTD_decompressStream(_context, ref output, ref input)) : 0;
                _at = (int)input.Position;
                if (output.Position > 0)
                    return (int)output.Position;
                if (_at < _end)
                    continue;
                (_at, _end) = (0, _below.Read(_in));
                if (_end == 0)
                    return _wanted == 0 ? 0 : throw new EndOfStreamException("the zstd data ends too early");
            }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (_context != 0)
            _ = Zstd.ZSTD_freeDCtx(_context);
        _context = 0;
        if (disposing)
            _below.Dispose();
        base.Dispose(disposing);
    }
}
