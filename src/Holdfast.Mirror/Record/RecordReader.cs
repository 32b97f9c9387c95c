using System.IO.Compression;
using System.Text.Json;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;

namespace Holdfast.Mirror.Record;

/// <summary>Reads <c>entries.jsonl.gz</c> line by line.</summary>
internal sealed class RecordReader : IDisposable
{
    private readonly Stream _stream;
    private readonly IFileReader _file;
    private uint _unpacked;
    private readonly string _shown;
    private readonly bool _isCutOff;
    private readonly PathFilter? _paths;
    private byte[] _buffer = new byte[1 << 16];
    private int _at, _end;
    private long _line;

    /// <param name="file">The record.</param>
    /// <param name="shown">What errors call it.</param>
    /// <param name="paths">Lines of paths that it does not accept are passed over, without a look at the rest of them.</param>
    public RecordReader(IFileReader file, string shown, PathFilter? paths = null)
    {
        _stream = new GZipStream(new BufferedStream(new FileReadStream(file), 1 << 16), CompressionMode.Decompress);
        _shown = shown;
        _file = file;
        // .NET takes a gzip stream that ends in its head for one of nothing; a real one of nothing has 20 bytes.
        _isCutOff = file.Stat().Size < 20;
        _paths = paths;
    }

    /// <summary>The next line, or null at the end.</summary>
    /// <exception cref="HoldfastException">The record is damaged; names the line.</exception>
    public RecordLine? Next()
    {
        try
        {
            if (_isCutOff)
                throw new InvalidDataException("the file is cut off.");
            while (NextLine(out var line))
            {
                if (_paths is not null && RawPath.TryRead(line, out var path) && !_paths(path))
                {
                    _line++;
                    continue;
                }
                var read = Parse(line);
                _line++;
                if (_paths is null || _paths(read.Path.Bytes))
                    return read;
            }
            return null;
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidDataException or InvalidOperationException or ArgumentException or OverflowException)
        {
            throw new HoldfastException(ErrorKind.Failed, $"the record '{_shown}' is damaged at line {_line + 1}: {e.Message}", "The files in mirror/ and increments/ are not affected; 'holdfast repair' builds the record anew out of them.", e);
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
                if (_end > _at)
                    throw new InvalidDataException("the last line is cut off.");
                RequireWhole();
                return false;
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
        _unpacked += (uint)got;
        return got > 0;
    }

    /// <summary>.NET takes the end of the file for the end of the stream. RFC 1952: the last four bytes are the unpacked length.</summary>
    private void RequireWhole()
    {
        var length = new byte[4];
        _file.Read(_file.Stat().Size - 4, length);
        if (System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(length) != _unpacked)
            throw new InvalidDataException("the file is cut off.");
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
