using Holdfast.Core.Model;

namespace Holdfast.Volumes.Run;

/// <summary>The unchanged entries of a run in the state folder, in path order, so that memory does not grow with them.</summary>
internal sealed class LiveSpool : IDisposable
{
    private readonly string _file;
    private EntryWriter? _writer;

    public LiveSpool(string stateFolder)
    {
        var folder = Path.Combine(stateFolder, "volumes");
        Directory.CreateDirectory(folder);
        _file = Path.Combine(folder, $"live-{Environment.ProcessId}-{Guid.NewGuid():N}");
        _writer = new EntryWriter(new FileStream(_file, FileMode.CreateNew, FileAccess.Write, FileShare.None, 0));
    }

    public void Add(Entry entry, long version, long savedInRun)
    {
        _writer!.Write(entry);
        _writer.WriteNumber((ulong)version);
        _writer.WriteNumber((ulong)savedInRun);
    }

    public IEnumerable<(Entry Entry, long Version, long SavedInRun)> Read()
    {
        _writer?.Dispose();
        _writer = null;
        using var reader = new EntryReader(new FileStream(_file, FileMode.Open, FileAccess.Read, FileShare.Read, 0));
        while (!reader.AtEnd)
            yield return (reader.Read(), (long)reader.ReadNumber(), (long)reader.ReadNumber());
    }

    public void Dispose()
    {
        try
        {
            _writer?.Dispose();
        }
        catch (IOException)
        {
            // Nobody reads it any more; whatever made the disk say no to it ended the run already.
        }
        File.Delete(_file);
    }
}
