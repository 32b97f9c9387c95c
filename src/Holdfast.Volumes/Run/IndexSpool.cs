using System.Buffers;
using System.Text.Json;
using Holdfast.Volumes.Record;

namespace Holdfast.Volumes.Run;

/// <summary>The index in the state folder until its size is known: a tar header says it first.</summary>
internal sealed class IndexSpool : IDisposable
{
    private const int Full = 256 * 1024;

    private readonly FileStream _file;
    private readonly ArrayBufferWriter<byte> _lines = new(2 * Full);
    private readonly Utf8JsonWriter _json;

    public IndexSpool(string stateFolder)
    {
        _json = IndexLine.Writer(_lines);
        var folder = Path.Combine(stateFolder, "volumes");
        Directory.CreateDirectory(folder);
        _file = new FileStream(Path.Combine(folder, $"index-{Environment.ProcessId}-{Guid.NewGuid():N}"), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 0, FileOptions.DeleteOnClose);
    }

    public void Add(IndexLine line)
    {
        line.Write(_json, _lines);
        if (_lines.WrittenCount >= Full)
            HandOn();
    }

    /// <summary>Writes the index into the volume.</summary>
    public void WriteTo(NewVolume volume, DateTimeOffset time)
    {
        HandOn();
        volume.BeginAbout(IndexLine.MemberPath, _file.Length, time);
        _file.Position = 0;
        var buffer = new byte[Full];
        for (int got; (got = _file.Read(buffer)) > 0;)
            volume.Tar.Write(buffer.AsSpan(0, got));
        volume.Tar.End();
    }

    public void Dispose()
    {
        _json.Dispose();
        _file.Dispose();
    }

    private void HandOn()
    {
        _file.Write(_lines.WrittenSpan);
        _lines.ResetWrittenCount();
    }
}
