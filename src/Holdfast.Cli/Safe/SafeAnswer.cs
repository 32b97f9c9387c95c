using Holdfast.Cli.Output;
using Holdfast.Core.Engine.Safe;
using Holdfast.Core.FileSystem;
using Holdfast.Core.Model;

namespace Holdfast.Cli.Safe;

/// <summary>Goes through what was asked about, in groups, so that every place's records are read once a group.</summary>
internal sealed class SafeAnswer(Session session, SafePlaces places, SafeCheck check)
{
    private const int GroupSize = 20_000;

    private readonly SafeText? _text = session.Json ? null : new SafeText(session.Text, session.Verbose);
    private readonly SafeJson? _json = session.Json ? new SafeJson(StandardStreams.Out) : null;

    private long _found, _read, _bytes;

    public SafeTotals Totals { get; } = new();

    /// <summary>Judges and prints every file.</summary>
    /// <param name="trees">What was asked about.</param>
    /// <param name="onSafe">Called with each that is safe.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public void Run(IEnumerable<LocalTree> trees, Action<FileVerdict> onSafe, CancellationToken cancellationToken)
    {
        foreach (var group in trees.SelectMany(t => t.Walk(cancellationToken)).Chunk(GroupSize))
        {
            var (files, unknown) = ReadAll(group, cancellationToken);
            foreach (var verdict in unknown.Concat(check.Judge(files, cancellationToken)))
            {
                Tell(verdict);
                if (verdict.IsSafe)
                    onSafe(verdict);
            }
        }
    }

    public void Tell(FileVerdict verdict)
    {
        Totals.Count(verdict);
        var judged = new Judged(verdict, verdict is { IsSafe: false, File: { } file } ? places.Remembered(file.Content) : []);
        _text?.Print(judged, verdict.Item.IsNamed);
        _json?.Print(judged);
    }

    public void Tell(Deleted deleted)
    {
        if (deleted.Left is null)
            Totals.Deleted++;
        else
            Totals.Left++;
        _text?.Print(deleted);
        _json?.Print(deleted);
    }

    public void TellTotals()
    {
        Totals.Absent = [.. places.Absent.Select(a => (a.Name, a.Problem!)), .. check.Unreadable.Select(u => (u.Key, u.Value))];
        _text?.Print(Totals);
        _json?.Print(Totals);
    }

    private (List<LocalFile> Files, List<FileVerdict> Unknown) ReadAll(LocalItem[] items, CancellationToken cancellationToken)
    {
        var (files, unknown) = (new List<LocalFile>(), new List<FileVerdict>());
        LocalItem? current = null;
        using var progress = new Progress(session, elapsed => new ProgressState(
            _found, _read, _bytes, null, Totals.Unknown + unknown.Count, elapsed, current is null ? null : PathText.ForPeople(current.Shown)));
        _found += items.Length;
        foreach (var item in items)
        {
            cancellationToken.ThrowIfCancellationRequested();
            current = item;
            if (Read(item, files) is { } problem)
            {
                unknown.Add(new FileVerdict(item, null, problem, []));
                continue;
            }
            _read++;
            _bytes += files[^1].Stat.Size;
        }
        return (files, unknown);
    }

    private static string? Read(LocalItem item, List<LocalFile> files)
    {
        if (item.Problem is not null)
            return item.Problem;
        try
        {
            files.Add(LocalFile.Read(item));
            return null;
        }
        catch (Exception e) when (e is FileSystemException or HoldfastException)
        {
            return e.Message;
        }
    }
}
