using Holdfast.Core.Targets;

namespace Holdfast.Cli.Output;

/// <summary>What a check found, for people.</summary>
/// <param name="output">Standard output.</param>
/// <param name="place">What was checked.</param>
/// <param name="read">What was read back; null when nothing was to be.</param>
internal sealed class FindingText(TextWriter output, ISnapshots place, VerifyCounters? read) : IPrinter<CheckFinding>
{
    private int _findings;

    public void Print(CheckFinding item)
    {
        _findings++;
        output.WriteLine($"{item.Path}: {item.Problem}");
        output.WriteLine($"  {item.Advice}");
    }

    public void Finish()
    {
        var what = read is null ? "" : $"{Sizes.Count(read.FilesDone, "file")} ({Sizes.Bytes(read.BytesDone)}) read back, ";
        output.WriteLine(
            _findings == 0
                ? $"{place.Name}: {Sizes.Count(place.Snapshots.Count, "snapshot")}, {what}no problems found"
                : $"{place.Name}: {what}{Sizes.Count(_findings, "problem")} found");
    }
}
