using Holdfast.Core.Model;
using Holdfast.Core.Targets;

namespace Holdfast.Mirror.Run;

/// <summary>The steps of a run on the client's disk, so that memory does not grow with them.</summary>
internal sealed class StepSpool(string stateFolder) : IDisposable
{
    private readonly string _file = Path.Combine(stateFolder, "plans", $"steps-{Environment.ProcessId}-{Guid.NewGuid():N}");
    private EntryWriter? _writer;

    public long Count { get; private set; }

    public void Write(Step step)
    {
        if (_writer is null)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_file)!);
            _writer = new EntryWriter(new FileStream(_file, FileMode.CreateNew, FileAccess.Write, FileShare.Read, 0));
        }
        Count++;
        _writer.WriteByte((byte)step.Kind);
        _writer.WriteByte((byte)(step.Before is { } before ? (byte)before + 1 : 0));
        _writer.WriteByte((byte)(step.Holding is { } holding ? (byte)holding + 1 : 0));
        _writer.WriteNumber((ulong)((step.Staged ?? -1) + 1));
        _writer.WriteBytes(step.SetAside is { } aside ? aside.Bytes : default);
        _writer.Write(step.Entry);
    }

    public IEnumerable<Step> Read()
    {
        if (_writer is null)
            yield break;
        _writer.Flush();
        using var reader = new EntryReader(new FileStream(_file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 0));
        while (!reader.AtEnd)
        {
            var kind = (ChangeKind)reader.ReadByte();
            var before = reader.ReadByte();
            var holding = reader.ReadByte();
            var staged = (long)reader.ReadNumber();
            var aside = reader.ReadBytes().ToArray();
            yield return new Step(
                kind,
                reader.Read(),
                before == 0 ? null : (EntryType)(before - 1),
                holding == 0 ? null : (Holding)(holding - 1),
                staged == 0 ? null : staged - 1,
                aside.Length == 0 ? null : EntryPath.From(aside));
        }
    }

    public void Dispose()
    {
        if (_writer is null)
            return;
        _writer.Dispose();
        File.Delete(_file);
    }
}
