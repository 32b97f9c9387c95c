using Holdfast.Core.Model;

namespace Holdfast.Volumes.Database;

/// <summary>An entry's metadata as the database keeps it; the path is a column of its own.</summary>
internal static class EntryBlob
{
    public static byte[] Of(Entry entry)
    {
        var memory = new MemoryStream(256);
        using (var writer = new EntryWriter(memory))
            writer.Write(entry with { Path = EntryPath.Root });
        return memory.ToArray();
    }

    public static Entry ToEntry(byte[] blob, EntryPath path)
    {
        using var reader = new EntryReader(new MemoryStream(blob, writable: false));
        return reader.Read() with { Path = path };
    }
}
