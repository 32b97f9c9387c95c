using Holdfast.Cli.Packaging;

namespace Holdfast.Cli.Output;

/// <summary>What was packaged, as an object.</summary>
internal sealed class PackageJson(Stream output) : IPrinter<Packaged>
{
    public void Print(Packaged item) => JsonLine.Write(output, json =>
    {
        json.WriteString("type", "package");
        json.WriteString("folder", item.Folder);
        json.WriteString("program", item.Program);
        json.WriteNumber("bytes", item.Bytes);
        if (item.Job is not null)
            json.WriteString("job", item.Job);
    });

    public void Finish()
    {
    }
}
