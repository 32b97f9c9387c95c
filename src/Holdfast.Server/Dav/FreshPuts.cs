using Holdfast.Core.Model;
using Holdfast.Library;
using Holdfast.Library.Sorting;

namespace Holdfast.Server.Dav;

/// <summary>
/// Which names of the inbox brought a new file just now that nobody else was told of: only such a file follows its name. Gone with the
/// process: then a name is all that can be changed.
/// </summary>
internal sealed class FreshPuts(TimeProvider time)
{
    private static readonly TimeSpan JustNow = TimeSpan.FromHours(1);
    private const int Many = 10_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<(string Client, EntryPath Name), Fresh> _puts = [];
    private readonly Dictionary<EntryPath, Fresh> _byFile = [];

    /// <summary>Takes note of what became of a name, whoever brought it. Called while the library does nothing else.</summary>
    public void Note(Arrival arrival, Kept kept)
    {
        if (kept.Path is not { } file || arrival.Entry.Content is not { } content)
            return;
        lock (_lock)
        {
            // Whoever brought this is told that it is there.
            if (kept.Outcome == KeptOutcome.AlreadyThere && _byFile.TryGetValue(file, out var told))
                told.IsReliedOn = true;
            if (arrival.Job != InboxDav.Job)
                return;
            Forget((arrival.Client, arrival.Entry.Path));
            if (kept.Outcome == KeptOutcome.Stored && HasRoom())
                Put((arrival.Client, arrival.Entry.Path), new Fresh(file, content, time.GetUtcNow()));
        }
    }

    /// <summary>Somebody is going to be told whether these contents are here. From now on their files stay, whatever becomes of their names.</summary>
    /// <returns>True when one of them may be going just now: the library is to be waited for (<see cref="LibraryFolder.SettledAsync"/>) before it is asked.</returns>
    public bool RelyOn(IReadOnlyList<ContentId> contents)
    {
        lock (_lock)
        {
            if (_puts.Count == 0)
                return false;
            var any = false;
            var asked = contents.ToHashSet();
            foreach (var put in _puts.Values.Where(p => asked.Contains(p.Content)))
                any = put.IsReliedOn = true;
            return any;
        }
    }

    /// <summary>Where the file lies that came with a name just now and nobody else knows of, unless somebody moved it; null for any other name.</summary>
    public EntryPath? FileOf(string client, EntryPath name)
    {
        lock (_lock)
            return _puts.TryGetValue((client, name), out var found) && !IsOver(found) && !found.IsReliedOn ? found.File : null;
    }

    /// <summary>A client's names in the inbox, to be changed.</summary>
    public ClientNames NamesOf(string client) => new(client, InboxDav.Job, name => FileOf(client, name), (from, to, file) => Moved(client, from, to, file));

    /// <summary>A name became another one.</summary>
    /// <param name="client">Whose.</param>
    /// <param name="from">The old one.</param>
    /// <param name="to">The new one.</param>
    /// <param name="file">Where its file lies; null when it is not this name's alone.</param>
    private void Moved(string client, EntryPath from, EntryPath to, EntryPath? file)
    {
        lock (_lock)
        {
            Forget((client, to));
            if (Forget((client, from)) is { } found && file is { } path)
                Put((client, to), new Fresh(path, found.Content, found.At) { IsReliedOn = found.IsReliedOn });
        }
    }

    private bool HasRoom()
    {
        if (_puts.Count >= Many)
            foreach (var (key, put) in _puts.ToList())
                if (IsOver(put))
                    Forget(key);
        return _puts.Count < Many;
    }

    private void Put((string, EntryPath) name, Fresh put) => (_puts[name], _byFile[put.File]) = (put, put);

    private Fresh? Forget((string, EntryPath) name)
    {
        if (!_puts.Remove(name, out var put))
            return null;
        if (_byFile.TryGetValue(put.File, out var there) && there == put)
            _byFile.Remove(put.File);
        return put;
    }

    private bool IsOver(Fresh put) => time.GetUtcNow() - put.At > JustNow;

    /// <summary>A file that came with a name.</summary>
    private sealed class Fresh(EntryPath file, ContentId content, DateTimeOffset at)
    {
        public EntryPath File => file;

        public ContentId Content => content;

        public DateTimeOffset At => at;

        /// <summary>True when somebody was told that it is there.</summary>
        public bool IsReliedOn { get; set; }
    }
}
