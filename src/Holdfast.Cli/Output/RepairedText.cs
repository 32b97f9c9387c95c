using Holdfast.Core.Targets;

namespace Holdfast.Cli.Output;

/// <summary>Damaged files and what became of them, for people.</summary>
internal sealed class RepairedText(TextWriter output, string target, bool dryRun) : IPrinter<Repaired>
{
    private long _mended, _lost;

    public void Print(Repaired item)
    {
        output.WriteLine($"{item.Path}: {item.Problem}");
        if (item.From is null)
        {
            _lost++;
            var snapshots = item.Snapshots.Count == 1 ? item.Snapshots[0] : $"{item.Snapshots.Count} snapshots, {item.Snapshots[0]} to {item.Snapshots[^1]}";
            output.WriteLine($"  STAYS LOST in {snapshots}: no file with these contents was found");
            return;
        }
        _mended++;
        output.WriteLine($"  {(dryRun ? "would be taken" : "taken")} from {item.From}");
        if (item.Unknown is not null)
            output.WriteLine($"  not known any more: {item.Unknown}");
    }

    public void Finish() => output.WriteLine(
        _mended + _lost == 0
            ? $"{target}: nothing to repair was found"
            : $"{target}: {Sizes.Count(_mended, "file")} {(dryRun ? "would be mended" : "mended")}, {_lost} stay lost");
}
