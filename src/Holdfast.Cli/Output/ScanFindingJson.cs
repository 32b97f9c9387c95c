using Holdfast.Library.Scanning;

namespace Holdfast.Cli.Output;

/// <summary>What a scan of a library finds, one object each.</summary>
internal sealed class ScanFindingJson(Stream output) : IPrinter<ScanFinding>
{
    public void Print(ScanFinding item) => JsonLine.Write(output, json =>
    {
        json.WriteString("type", item.Kind.ToString().ToLowerInvariant());
        json.WritePath("path", item.Path.Bytes);
        if (item.Other is { } other)
            json.WritePath("other", other.Bytes);
    });

    public void Finish()
    {
    }
}
