using Holdfast.Core.Targets;

namespace Holdfast.Cli.Output;

/// <summary>What a check found, for people.</summary>
internal sealed class FindingText(TextWriter output, ISnapshots place) : IPrinter<CheckFinding>
{
    private int _findings;

    public void Print(CheckFinding item)
    {
        _findings++;
        output.WriteLine($"{item.Path}: {item.Problem}");
        output.WriteLine($"  {item.Advice}");
    }

    public void Finish() => output.WriteLine(
        _findings == 0
            ? $"{place.Name}: {Sizes.Count(place.Snapshots.Count, "snapshot")}, no problems found"
            : $"{place.Name}: {Sizes.Count(_findings, "problem")} found");
}
