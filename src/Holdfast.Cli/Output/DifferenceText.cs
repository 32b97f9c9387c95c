using Holdfast.Core.Engine.Comparing;
using Holdfast.Core.Model;
using Holdfast.Core.Targets;

namespace Holdfast.Cli.Output;

/// <summary>Differences for people, a line a path, then how many of each kind.</summary>
internal sealed class DifferenceText(TextWriter output, Snapshot first, Snapshot second) : IPrinter<Difference>
{
    private readonly DifferenceTotals _totals = new();

    public void Print(Difference item)
    {
        _totals.Add(item);
        var entry = (item.After ?? item.Before)!;
        var slash = entry.Type == EntryType.Folder && !entry.Path.IsRoot ? "/" : "";
        var from = item.Kind == DifferenceKind.Moved ? $" (from {item.Before!.Path})" : "";
        output.WriteLine($"{DifferenceName.Of(item.Kind),-8}  {SizeOf(item),12}  {entry.Path}{slash}{from}");
    }

    public void Finish()
    {
        output.WriteLine($"{first.Id} to {second.Id}: {(_totals.IsEmpty ? "no differences" : string.Join(", ", Parts()))}");
        if (!_totals.IsEmpty)
            output.WriteLine($"{Sizes.Bytes(_totals.BytesAdded)} came, {Sizes.Bytes(_totals.BytesRemoved)} went");
    }

    private IEnumerable<string> Parts() => Enum.GetValues<DifferenceKind>().Where(k => _totals[k] > 0).Select(k => $"{_totals[k]} {DifferenceName.Of(k)}");

    /// <summary>What is there now; what it grew or shrank by, when the contents changed.</summary>
    private static string SizeOf(Difference item)
    {
        var entry = (item.After ?? item.Before)!;
        if (entry.Type != EntryType.File)
            return KindName.Of(entry.Type);
        if (item is not { Kind: DifferenceKind.Changed, Before.Type: EntryType.File })
            return Sizes.Bytes(entry.Size);
        var grown = entry.Size - item.Before.Size;
        return grown == 0 ? "±0 B" : (grown > 0 ? "+" : "-") + Sizes.Bytes(Math.Abs(grown));
    }
}
