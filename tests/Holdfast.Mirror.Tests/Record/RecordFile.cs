using System.IO.Compression;
using System.Text;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;
using Holdfast.Mirror.Record;
using Holdfast.Testing.Machines;

namespace Holdfast.Mirror.Tests.Record;

/// <summary>One record, to be written, spoiled and read.</summary>
internal sealed class RecordFile : IDisposable
{
    public const string Shown = "place/entries.jsonl.gz";

    private static readonly EntryPath Name = EntryPath.From("entries.jsonl.gz");

    public TemporaryFolder Temporary { get; } = new(Scenes.Files.Memory);

    public string Path => Temporary["entries.jsonl.gz"];

    public IFolder OpenFolder() => LocalFolders.Open(Temporary.Path);

    public void Write(IEnumerable<RecordLine> lines)
    {
        File.Delete(Path);
        using var folder = OpenFolder();
        using var file = folder.CreateFile(Name, 0x1a4);
        using var writer = new RecordWriter(file);
        foreach (var line in lines)
            writer.Write(line);
    }

    /// <summary>A record with these lines, whatever they are.</summary>
    public void WriteText(string text)
    {
        using var gzip = new GZipStream(File.Create(Path), CompressionLevel.Fastest);
        gzip.Write(Encoding.UTF8.GetBytes(text));
    }

    /// <summary>The lines as they stand there, unpacked by gzip.</summary>
    public IReadOnlyList<string> Lines() => Command.Must("gzip", "-dc", Path).Text.Split('\n')[..^1];

    public IReadOnlyList<RecordLine> Read()
    {
        using var folder = OpenFolder();
        using var file = folder.OpenFile(Name);
        using var reader = new RecordReader(file, Shown);
        var lines = new List<RecordLine>();
        while (reader.Next() is { } line)
            lines.Add(line);
        return lines;
    }

    public void Dispose() => Temporary.Dispose();
}
