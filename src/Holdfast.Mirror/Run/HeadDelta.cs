using Holdfast.Core.Model;
using Holdfast.Core.Targets;

namespace Holdfast.Mirror.Run;

/// <summary>What a run changes in the newest snapshot, in path order, on the client's disk.</summary>
internal sealed class HeadDelta(string stateFolder) : IDisposable
{
    private readonly string _file = Path.Combine(stateFolder, "plans", $"head-{Environment.ProcessId}-{Guid.NewGuid():N}");
    private EntryWriter? _writer;

    public bool IsEmpty => _writer is null;

    public void Put(Entry entry, long version) => Write(1, entry, version);

    public void Remove(Entry entry) => Write(0, entry, 0);

    /// <summary>The state before with the changes worked in.</summary>
    public IEnumerable<SnapshotEntry> Merge(IEnumerable<SnapshotEntry> before)
    {
        _writer?.Flush();
        using var changes = Read().GetEnumerator();
        var has = changes.MoveNext();
        foreach (var entry in before)
        {
            for (; has && changes.Current.Entry.Path.CompareTo(entry.Entry.Path) < 0; has = changes.MoveNext())
                if (changes.Current.Stays)
                    yield return new SnapshotEntry(changes.Current.Entry, changes.Current.Version);
            if (!has || changes.Current.Entry.Path != entry.Entry.Path)
            {
                yield return entry;
                continue;
            }
            if (changes.Current.Stays)
                yield return new SnapshotEntry(changes.Current.Entry, changes.Current.Version);
            has = changes.MoveNext();
        }
        for (; has; has = changes.MoveNext())
            if (changes.Current.Stays)
                yield return new SnapshotEntry(changes.Current.Entry, changes.Current.Version);
    }

    public void Dispose()
    {
        if (_writer is null)
            return;
        _writer.Dispose();
        File.Delete(_file);
    }

    private void Write(byte stays, Entry entry, long version)
    {
        if (_writer is null)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_file)!);
            _writer = new EntryWriter(new FileStream(_file, FileMode.CreateNew, FileAccess.Write, FileShare.Read, 0));
        }
        _writer.WriteByte(stays);
        _writer.WriteNumber((ulong)version);
        _writer.Write(entry);
    }

    private IEnumerable<(bool Stays, Entry Entry, long Version)> Read()
    {
        if (_writer is null)
            yield break;
        using var reader = new EntryReader(new FileStream(_file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 0));
        while (!reader.AtEnd)
        {
            var stays = reader.ReadByte() == 1;
            var version = (long)reader.ReadNumber();
            yield return (stays, reader.Read(), version);
        }
    }
}
