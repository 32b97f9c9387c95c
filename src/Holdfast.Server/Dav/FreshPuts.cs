using System.Collections.Concurrent;
using Holdfast.Core.Model;
using Holdfast.Library;

namespace Holdfast.Server.Dav;

/// <summary>Which names of the inbox brought a new file just now. Gone with the process: then a name is all that can be changed.</summary>
internal sealed class FreshPuts(TimeProvider time)
{
    private static readonly TimeSpan JustNow = TimeSpan.FromHours(1);
    private const int Many = 10_000;

    private readonly ConcurrentDictionary<(string Client, EntryPath Name), (EntryPath File, DateTimeOffset At)> _files = new();

    /// <summary>Takes note of what became of a name that was put.</summary>
    public void Put(string client, EntryPath name, Kept kept)
    {
        if (kept is not { Outcome: KeptOutcome.Stored, Path: { } file })
        {
            _files.TryRemove((client, name), out _);
            return;
        }
        if (_files.Count >= Many)
            foreach (var (key, value) in _files)
                if (IsOver(value.At))
                    _files.TryRemove(key, out _);
        if (_files.Count < Many)
            _files[(client, name)] = (file, time.GetUtcNow());
    }

    /// <summary>Where the file lies that came with a name just now, unless somebody moved it; null for any other name.</summary>
    public EntryPath? FileOf(string client, EntryPath name) => _files.TryGetValue((client, name), out var found) && !IsOver(found.At) ? found.File : null;

    /// <summary>A name became another one.</summary>
    /// <param name="client">Whose.</param>
    /// <param name="from">The old one.</param>
    /// <param name="to">The new one.</param>
    /// <param name="file">Where its file lies; null when it is not this name's alone.</param>
    public void Moved(string client, EntryPath from, EntryPath to, EntryPath? file)
    {
        _files.TryRemove((client, to), out _);
        if (_files.TryRemove((client, from), out var found) && file is { } path)
            _files[(client, to)] = (path, found.At);
    }

    private bool IsOver(DateTimeOffset at) => time.GetUtcNow() - at > JustNow;
}
