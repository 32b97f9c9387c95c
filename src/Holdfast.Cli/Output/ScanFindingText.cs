using Holdfast.Library.Scanning;

namespace Holdfast.Cli.Output;

/// <summary>What a scan of a library finds, a line each, for people.</summary>
internal sealed class ScanFindingText(TextWriter output) : IPrinter<ScanFinding>
{
    public void Print(ScanFinding item) => output.WriteLine(item switch
    {
        { Kind: ScanFindingKind.Renamed, Other: { } from } => $"renamed    {from} → {item.Path}",
        { Kind: ScanFindingKind.Duplicate, Other: { } same } => $"duplicate  {item.Path} (the same as {same})",
        { Kind: ScanFindingKind.Removed, Other: { } left } => $"removed    {item.Path} (the same lies in {left})",
        { Kind: ScanFindingKind.Busy } => $"busy       {item.Path} (somebody is still writing to it; the next scan looks at it)",
        _ => $"{item.Kind.ToString().ToLowerInvariant(),-10} {item.Path}",
    });

    public void Finish()
    {
    }
}
