using Holdfast.Core.Model;

namespace Holdfast.Cli.Output;

/// <summary>What was deleted for good, one object each.</summary>
internal sealed class DeletedJson(Stream output) : IPrinter<(ContentId Content, EntryPath? Path)>
{
    public void Print((ContentId Content, EntryPath? Path) item) => JsonLine.Write(output, json =>
    {
        json.WriteString("type", "deleted");
        json.WriteString("sha256", item.Content.ToString());
        if (item.Path is { } path)
            json.WritePath("path", path.Bytes);
    });

    public void Finish()
    {
    }
}
