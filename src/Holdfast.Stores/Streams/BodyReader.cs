namespace Holdfast.Stores.Streams;

/// <summary>Reads a body and holds it to its word: one that turns out longer or shorter than it said throws before its last byte is handed on.</summary>
internal sealed class BodyReader : IAsyncDisposable
{
    private readonly ObjectBody _body;
    private readonly string _store;
    private readonly ObjectName _name;
    private readonly Stream _bytes;
    private long _done;

    public BodyReader(ObjectBody body, string store, ObjectName name)
    {
        (_body, _store, _name) = (body, store, name);
        _bytes = body.Open();
    }

    /// <summary>Fills the buffer, or as much of it as there are bytes left.</summary>
    public async ValueTask<int> FillAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var filled = 0;
        while (filled < buffer.Length && await ReadAsync(buffer[filled..], cancellationToken) is > 0 and var got)
            filled += got;
        return filled;
    }

    /// <summary>Some of the bytes; 0 at the end.</summary>
    /// <exception cref="StoreException">It has another length than it said.</exception>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var got = await _bytes.ReadAsync(buffer, cancellationToken);
        _done += got;
        if (_body.Length is not { } expected)
            return got;
        var ended = got == 0 && buffer.Length > 0;
        if (_done > expected || (_done == expected && !ended && await _bytes.ReadAsync(new byte[1], cancellationToken) > 0))
            throw StoreException.OtherLength(_store, _name, expected, expected + 1);
        return ended && _done < expected ? throw StoreException.OtherLength(_store, _name, expected, _done) : got;
    }

    public ValueTask DisposeAsync() => _bytes.DisposeAsync();
}
