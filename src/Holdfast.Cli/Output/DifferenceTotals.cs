using Holdfast.Core.Engine.Comparing;

namespace Holdfast.Cli.Output;

/// <summary>How many differences of each kind there are, and the bytes that came and went with them.</summary>
internal sealed class DifferenceTotals
{
    private readonly long[] _counts = new long[Enum.GetValues<DifferenceKind>().Length];

    public long this[DifferenceKind kind] => _counts[(int)kind];

    public bool IsEmpty => _counts.All(c => c == 0);

    /// <summary>Bytes of added files and of the new contents of changed ones.</summary>
    public long BytesAdded { get; private set; }

    /// <summary>Bytes of removed files and of the old contents of changed ones.</summary>
    public long BytesRemoved { get; private set; }

    public void Add(Difference item)
    {
        _counts[(int)item.Kind]++;
        if (item.Kind is not (DifferenceKind.Added or DifferenceKind.Changed or DifferenceKind.Removed))
            return;
        BytesAdded += item.After?.Size ?? 0;
        BytesRemoved += item.Before?.Size ?? 0;
    }
}
