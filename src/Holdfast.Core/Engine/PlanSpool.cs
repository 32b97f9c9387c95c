using Holdfast.Core.Model;
using Holdfast.Core.Targets;

namespace Holdfast.Core.Engine;

/// <summary>A plan on disk, so that memory does not grow with it. Lives in the state folder and goes with the run.</summary>
internal sealed class PlanSpool : IDisposable
{
    private readonly string _file;
    private readonly int _targets;
    private EntryWriter? _writer;

    public PlanSpool(string folder, int targets)
    {
        Directory.CreateDirectory(folder);
        _file = Path.Combine(folder, $"plan-{Environment.ProcessId}-{Guid.NewGuid():N}");
        _targets = targets;
        _writer = new EntryWriter(new FileStream(_file, FileMode.CreateNew, FileAccess.Write, FileShare.None, 0));
    }

    public void Write(PlanItem item)
    {
        var writer = _writer ?? throw new InvalidOperationException("The plan is complete.");
        writer.WriteByte((byte)((item.Source is null ? 0 : 1) | (item.InDoubt ? 2 : 0)));
        if (item.Source is not null)
            writer.Write(item.Source);
        foreach (var change in item.Changes)
        {
            writer.WriteByte(change is null ? byte.MaxValue : (byte)change.Kind);
            if (change is null)
                continue;
            writer.WriteByte((byte)(change.Known is null ? 0 : 1 + (byte)change.Known.Holding));
            if (change.Known is not null)
            {
                writer.Write(change.Known.Entry);
                writer.WriteNumber((ulong)change.Known.Version);
            }
        }
    }

    public IEnumerable<PlanItem> Read()
    {
        _writer?.Dispose();
        _writer = null;
        using var reader = new EntryReader(new FileStream(_file, FileMode.Open, FileAccess.Read, FileShare.Read, 0));
        while (!reader.AtEnd)
        {
            var flags = reader.ReadByte();
            var source = (flags & 1) != 0 ? reader.Read() : null;
            var changes = new Change?[_targets];
            for (var i = 0; i < _targets; i++)
                changes[i] = ReadChange(reader, source);
            yield return new PlanItem(source, changes, (flags & 2) != 0);
        }
    }

    public void Dispose()
    {
        _writer?.Dispose();
        File.Delete(_file);
    }

    private static Change? ReadChange(EntryReader reader, Entry? source)
    {
        var kind = reader.ReadByte();
        if (kind == byte.MaxValue)
            return null;
        var holding = reader.ReadByte();
        var known = holding == 0 ? null : new KnownEntry(reader.Read(), (Holding)(holding - 1), (long)reader.ReadNumber());
        return new Change((ChangeKind)kind, source ?? known!.Entry, known);
    }
}
