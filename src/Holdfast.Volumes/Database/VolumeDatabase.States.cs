using Holdfast.Core.Model;

namespace Holdfast.Volumes.Database;

/// <summary>A state of a path, as the database knows it.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Entry">The path with its metadata.</param>
/// <param name="First">The run that found it so.</param>
/// <param name="Until">The run that found it otherwise, or null.</param>
/// <param name="Gone">When that run began, if it found the path gone.</param>
/// <param name="Saved">The newest volume that is there and holds it, or null.</param>
/// <param name="SavedInRun">The run that made that volume.</param>
internal sealed record PathState(long Id, Entry Entry, long First, long? Until, DateTimeOffset? Gone, long? Saved, long? SavedInRun);

/// <summary>Reading states: every run reads all of them, some twice.</summary>
internal sealed partial class VolumeDatabase
{
    private const string Columns = "SELECT v.id, v.path, v.entry, v.first, v.until, v.gone, v.saved, s.run FROM versions v LEFT JOIN volumes s ON s.volume = v.saved ";

    // Prepared queries that nobody reads from now.
    private readonly Dictionary<string, Stack<HotStatement>> _idle = new(StringComparer.Ordinal);

    /// <summary>The states that a condition holds for, as they are read; other queries may run meanwhile.</summary>
    /// <param name="where">What follows the columns.</param>
    /// <param name="values">The values of ?1, ?2, …: numbers, bytes and text.</param>
    private IEnumerable<PathState> States(string where, params object[] values)
    {
        if (!_idle.TryGetValue(where, out var idle))
            _idle.Add(where, idle = new Stack<HotStatement>());
        if (!idle.TryPop(out var rows))
            rows = new HotStatement(_connection, Columns + where);
        try
        {
            for (var i = 0; i < values.Length; i++)
                _ = values[i] switch
                {
                    long number => rows.Bind(i + 1, number),
                    byte[] bytes => rows.Bind(i + 1, bytes),
                    string text => rows.Bind(i + 1, text),
                    _ => throw new ArgumentException("Neither a number nor bytes nor text.", nameof(values)),
                };
            while (rows.Next())
                yield return ReadState(rows);
        }
        finally
        {
            rows.Reset();
            idle.Push(rows);
        }
    }

    private static PathState ReadState(HotStatement row)
    {
        var path = PathKey.ToPath(row.Bytes(1));
        return new PathState(
            row.Number(0),
            EntryBlob.ToEntry(row.Bytes(2), path),
            row.Number(3),
            row.NumberOrNull(4),
            row.IsNull(5) ? null : Time(row.Text(5)),
            row.NumberOrNull(6),
            row.NumberOrNull(7));
    }
}
