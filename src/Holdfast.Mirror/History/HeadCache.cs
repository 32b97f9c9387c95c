using System.Buffers;
using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;

namespace Holdfast.Mirror.History;

/// <summary>
/// The newest snapshot of a place in the client's state folder, with the source's inode numbers and ctimes that no record
/// keeps. A cache: without it the state follows from the records, and files are compared by size and mtime alone once.
/// </summary>
internal sealed class HeadCache(string stateFolder, string placeId)
{
    private const int BufferSize = 256 * 1024;

    private readonly string _file = Path.Combine(stateFolder, "places", placeId, "head");
    private readonly string _check = Path.Combine(stateFolder, "places", placeId, "head.crc32c");

    /// <summary>The snapshot the cache belongs to, or null when there is no cache.</summary>
    public string? Snapshot
    {
        get
        {
            if (!IsWhole())
                return null;
            using var reader = Open(out var snapshot);
            return snapshot;
        }
    }

    /// <summary>Its entries, in path order.</summary>
    public IEnumerable<SnapshotEntry> Entries()
    {
        using var reader = Open(out _);
        while (reader is { AtEnd: false })
        {
            var version = (long)reader.ReadNumber();
            yield return new SnapshotEntry(reader.Read(), version);
        }
    }

    /// <summary>Replaces the cache. What cannot be written is left out: it is only a cache.</summary>
    public void Replace(string snapshot, IEnumerable<SnapshotEntry> entries)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_file)!);
        var temporary = _file + ".tmp";
        using (var writer = new EntryWriter(new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, 0)))
        {
            writer.WriteNumber(EntryWriter.FormVersion);
            writer.WriteBytes(System.Text.Encoding.ASCII.GetBytes(snapshot));
            foreach (var entry in entries)
            {
                writer.WriteNumber((ulong)entry.Version);
                writer.Write(entry.Entry);
            }
        }
        File.WriteAllText(_check, SumOf(temporary));
        File.Move(temporary, _file, overwrite: true);
    }

    /// <summary>Forgets the cache.</summary>
    public void Clear()
    {
        if (File.Exists(_file))
            File.Delete(_file);
    }

    /// <summary>
    /// A cache that was cut off would make entries unknown that the place holds, so it counts only as a whole. Checked when a
    /// run asks for the snapshot, before it reads the entries.
    /// </summary>
    private bool IsWhole() => File.Exists(_file) && File.Exists(_check) && File.ReadAllText(_check) == SumOf(_file);

    /// <summary>
    /// Against accidents, not against people: a CRC at memory speed, since every run waits for it. (The first use of a
    /// cryptographic hash alone loads OpenSSL, which takes as long as walking 10,000 files.)
    /// </summary>
    private static string SumOf(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 0);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            var sum = uint.MaxValue;
            while (stream.ReadAtLeast(buffer, BufferSize, throwOnEndOfStream: false) is var got and > 0)
                sum = Crc32C(sum, buffer.AsSpan(0, got));
            return sum.ToString("x8", CultureInfo.InvariantCulture);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static uint Crc32C(uint sum, ReadOnlySpan<byte> bytes)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (var word in words)
            sum = BitOperations.Crc32C(sum, word);
        foreach (var one in bytes[(words.Length * sizeof(ulong))..])
            sum = BitOperations.Crc32C(sum, one);
        return sum;
    }

    private EntryReader? Open(out string? snapshot)
    {
        snapshot = null;
        if (!File.Exists(_file))
            return null;
        var reader = new EntryReader(new FileStream(_file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 0));
        try
        {
            if (reader.ReadNumber() == EntryWriter.FormVersion)
            {
                snapshot = System.Text.Encoding.ASCII.GetString(reader.ReadBytes());
                return reader;
            }
        }
        catch (Exception e) when (e is EndOfStreamException or InvalidDataException)
        {
            // Cut off or of another version: there is no cache then.
        }
        reader.Dispose();
        return null;
    }
}
