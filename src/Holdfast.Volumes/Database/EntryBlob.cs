using Holdfast.Core.Model;

namespace Holdfast.Volumes.Database;

/// <summary>An entry's metadata as the database keeps it; the path is a column of its own.</summary>
internal static class EntryBlob
{
    // A writer and a reader for all entries of a thread: their buffers cost more than an entry does.
    [ThreadStatic]
    private static Writing? _writing;

    [ThreadStatic]
    private static Reading? _reading;

    /// <returns>Good until the thread's next call.</returns>
    public static ReadOnlySpan<byte> Of(Entry entry) => (_writing ??= new Writing()).Write(entry);

    /// <exception cref="EndOfStreamException">The blob ends within the entry.</exception>
    public static Entry ToEntry(ReadOnlySpan<byte> blob, EntryPath path)
    {
        // Whatever fails leaves the reader somewhere within an entry: the next one is a new one.
        var reading = _reading ?? new Reading();
        _reading = null;
        var entry = reading.Read(blob, path);
        _reading = reading;
        return entry;
    }

    private sealed class Writing
    {
        private readonly MemoryStream _bytes = new(512);
        private readonly EntryWriter _writer;

        public Writing() => _writer = new EntryWriter(_bytes);

        public ReadOnlySpan<byte> Write(Entry entry)
        {
            _bytes.SetLength(0);
            _writer.Write(entry, EntryPath.Root);
            _writer.Flush();
            return _bytes.GetBuffer().AsSpan(0, (int)_bytes.Length);
        }
    }

    private sealed class Reading
    {
        private readonly MemoryStream _bytes = new(512);
        private readonly EntryReader _reader;

        public Reading() => _reader = new EntryReader(_bytes);

        public Entry Read(ReadOnlySpan<byte> blob, EntryPath path)
        {
            _bytes.SetLength(0);
            _bytes.Write(blob);
            _bytes.Position = 0;
            return _reader.Read(path);
        }
    }
}
