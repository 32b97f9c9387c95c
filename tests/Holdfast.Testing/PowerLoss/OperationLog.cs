namespace Holdfast.Testing.PowerLoss;

/// <summary>Everything a program changed, in the one order in which it happened, and what was there before.</summary>
public sealed class OperationLog
{
    private readonly Lock _lock = new();
    private readonly List<Operation> _operations = [];
    private readonly List<(int At, string Text)> _marks = [];

    internal OperationLog(DiskImage start) => Start = start;

    /// <summary>What the disk held, durably, before the first operation.</summary>
    public DiskImage Start { get; }

    /// <summary>How many operations there are so far.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _operations.Count;
        }
    }

    /// <summary>The operations so far.</summary>
    public IReadOnlyList<Operation> Operations
    {
        get
        {
            lock (_lock)
                return [.. _operations];
        }
    }

    /// <summary>Notes that the program has just promised something: from here on a power loss must not take it back.</summary>
    public void Mark(string text)
    {
        lock (_lock)
            _marks.Add((_operations.Count, text));
    }

    /// <summary>What had been promised before the power went after <paramref name="cut"/> operations, in order.</summary>
    public IReadOnlyList<string> MarksBefore(int cut)
    {
        lock (_lock)
            return [.. _marks.Where(mark => mark.At <= cut).Select(mark => mark.Text)];
    }

    internal void Append(Operation operation)
    {
        lock (_lock)
            _operations.Add(operation);
    }
}
