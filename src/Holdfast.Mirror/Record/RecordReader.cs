using System.IO.Compression;
using System.Text.Json;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;

namespace Holdfast.Mirror.Record;

/// <summary>Reads <c>entries.jsonl.gz</c> line by line.</summary>
internal sealed class RecordReader : IDisposable
{
    private readonly Stream _stream;
    private readonly string _shown;
    private readonly bool _isCutOff;
    private byte[] _buffer = new byte[1 << 16];
    private int _at, _end;
    private long _line;

    public RecordReader(IFileReader file, string shown)
    {
        _stream = new GZipStream(new BufferedStream(new FileReadStream(file), 1 << 16), CompressionMode.Decompress);
        _shown = shown;
        // .NET takes a gzip stream that ends in its head for one of nothing; a real one of nothing has 20 bytes.
        _isCutOff = file.Stat().Size < 20;
    }

    /// <summary>The next line, or null at the end.</summary>
    /// <exception cref="HoldfastException">The record is damaged; names the line.</exception>
    public RecordLine? Next()
    {
        try
        {
            if (_isCutOff)
                throw new InvalidDataException("the file is cut off.");
            if (!NextLine(out var line))
                return null;
            var parsed = Parse(line);
            _line++;
            return parsed;
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidDataException or InvalidOperationException or ArgumentException or OverflowException)
        {
            throw new HoldfastException(ErrorKind.Failed, $"the record '{_shown}' is damaged at line {_line + 1}: {e.Message}", "'holdfast check' names all damage; the files in mirror/ and increments/ are not affected.", e);
        }
    }

    public void Dispose() => _stream.Dispose();

    private bool NextLine(out ReadOnlySpan<byte> line)
    {
        while (true)
        {
            var end = _buffer.AsSpan(_at, _end - _at).IndexOf((byte)'\n');
            if (end >= 0)
            {
                line = _buffer.AsSpan(_at, end);
                _at += end + 1;
                return true;
            }
            if (!Fill())
            {
                line = default;
                return _end > _at ? throw new InvalidDataException("the last line is cut off.") : false;
            }
        }
    }

    private bool Fill()
    {
        var rest = _end - _at;
        if (rest == _buffer.Length)
            Array.Resize(ref _buffer, _buffer.Length * 2);
        Buffer.BlockCopy(_buffer, _at, _buffer, 0, rest);
        _at = 0;
        _end = rest;
        var got = _stream.Read(_buffer, _end, _buffer.Length - _end);
        _end += got;
        return got > 0;
    }

    private static RecordLine Parse(ReadOnlySpan<byte> line)
    {
        var json = new Utf8JsonReader(line);
        var fields = new RecordFields();
        Expect(json.Read() && json.TokenType == JsonTokenType.StartObject);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            fields.Read(ref json);
        Expect(json.TokenType == JsonTokenType.EndObject && !json.Read());
        return fields.ToLine();
    }

    private static void Expect(bool holds)
    {
        if (!holds)
            throw new FormatException("it is not a JSON object.");
    }
}
